namespace LoopOrchestrator.Core.Scheduling.Calendar;

/// <summary>
/// The times that a rule names, on a clock that is never set. In ticks of local time; which instants they are is for
/// <see cref="CronClock"/>.
/// </summary>
internal interface IWallClockTimes
{
    /// <summary>The first time later than <paramref name="local"/>, or at it; <see langword="null"/> for none.</summary>
    long? Next(long local, bool inclusive);

    /// <summary>The last time before <paramref name="local"/>, or at it; <see langword="null"/> for none.</summary>
    long? Previous(long local);
}
