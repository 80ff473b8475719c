using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Definition;

namespace LoopOrchestrator.Core.Runs;

/// <summary>What the schedule of a run is called in all that is written of the run.</summary>
internal static class RunTitles
{
    /// <summary>
    /// Its name as it was when the run was made; of a run that does not know it, the name in force. <see langword="null"/> for neither.
    /// </summary>
    public static string? OfSchedule(Run run, IReadOnlyList<Schedule> schedules) =>
        run.Title ?? (run.ScheduleId is { } id ? schedules.FirstOrDefault(schedule => schedule.Id == id)?.Name : null);
}
