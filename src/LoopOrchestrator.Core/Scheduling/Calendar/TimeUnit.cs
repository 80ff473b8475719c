namespace LoopOrchestrator.Core.Scheduling.Calendar;

/// <summary>The unit of a <see cref="ScheduleInterval"/>: Roo Scheduler's <c>timeUnit</c>.</summary>
public enum TimeUnit
{
    /// <summary>60 elapsed seconds.</summary>
    Minute,

    /// <summary>3,600 elapsed seconds, whatever clocks on the wall do meanwhile.</summary>
    Hour,

    /// <summary>One calendar day at the same wall-clock time, so 23 or 25 hours where clocks change.</summary>
    Day,
}
