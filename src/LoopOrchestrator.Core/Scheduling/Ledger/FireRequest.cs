using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Definition;

namespace LoopOrchestrator.Core.Scheduling.Ledger;

/// <summary>Due moments of one schedule to be entered into the ledger.</summary>
/// <param name="ScheduleId">The schedule.</param>
/// <param name="Now">The moment of the decision.</param>
/// <param name="Segments">The due moments in order, without gap; at least one.</param>
/// <param name="Interaction">What to do while a run of the schedule is going on.</param>
/// <param name="KeepsEach">Each moment that is to be fired waits for its turn instead of sharing a run (<c>misfire: all</c>).</param>
/// <param name="Plan">
/// The run to add when one is started, or why none can be; <see langword="null"/> where no moment is to be fired.
/// </param>
internal sealed record FireRequest(
    string ScheduleId,
    DateTimeOffset Now,
    IReadOnlyList<DueSegment> Segments,
    TaskInteraction Interaction,
    bool KeepsEach,
    RunPlan? Plan
)
{
    /// <summary>The last due moment in the ledger when the segments were planned; when it is another one now, nothing is entered.</summary>
    public DateTimeOffset? PlannedFrom { get; init; }

    /// <summary>Whether the schedule's <c>onlyIf</c> command is asked before anything else.</summary>
    public bool Checks { get; init; }

    /// <summary>The most moments that wait for their turn at once; those beyond share the work of the last one waiting.</summary>
    public int MaxWaiting { get; init; } = Schedule.DefaultMisfireLimit;
}
