namespace LoopOrchestrator.Core.Scheduling.Calendar;

/// <summary>Evenly spaced instants, numbered from 0. Looking one up costs the same however far away it is.</summary>
internal interface IProgression
{
    /// <summary>The number of the last instant at or before <paramref name="utc"/>; -1 when there is none.</summary>
    long IndexAt(long utc);

    /// <summary>The numbered instant in UTC ticks; <see langword="null"/> beyond the end of the calendar.</summary>
    long? InstantAt(long index);
}
