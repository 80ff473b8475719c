namespace LoopOrchestrator.Core.Scheduling.Definition;

/// <summary>The due moments of one schedule in UTC ticks, expiry not considered.</summary>
internal interface IOccurrences
{
    /// <summary>The due moments in (<paramref name="after"/>, <paramref name="until"/>], ascending, found as they are asked for.</summary>
    IEnumerable<long> Between(long after, long until);

    /// <summary>The latest of them; <see langword="null"/> when there is none.</summary>
    long? Last(long after, long until);

    /// <summary>Their number, or <paramref name="limit"/> when there are more.</summary>
    long Count(long after, long until, long limit);
}
