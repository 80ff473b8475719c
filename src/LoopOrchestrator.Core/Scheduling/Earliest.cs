namespace LoopOrchestrator.Core.Scheduling;

/// <summary>The earlier of two moments, where either may be none.</summary>
internal static class Earliest
{
    /// <summary>The earlier one; <see langword="null"/> when there is none.</summary>
    public static DateTimeOffset? Of(DateTimeOffset? left, DateTimeOffset? right) => left is null || right < left ? right ?? left : left;
}
