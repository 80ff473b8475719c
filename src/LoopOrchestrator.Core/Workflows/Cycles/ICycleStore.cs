using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Workflows.Cycles;

/// <summary>
/// The cycles of one workspace. Every transition is one transaction that names what it changes from, and has its line in the decisions
/// of the cycle's run: so of several processes that try the same one succeeds, and the story has each once. Safe for many threads.
/// </summary>
internal interface ICycleStore
{
    /// <summary>The cycle, or <see langword="null"/> when there is none of that id.</summary>
    Task<Cycle?> FindAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Lists cycles that have begun, newest first, without their items' order being changed.</summary>
    Task<IReadOnlyList<Cycle>> ListAsync(RunFilter filter, CancellationToken cancellationToken = default);

    /// <summary>The cycle and item that a step's run belongs to; <see langword="null"/> for any other run.</summary>
    Task<(Cycle Cycle, CycleItem Item)?> OfStepAsync(Run run, CancellationToken cancellationToken = default);

    /// <summary>The runs of kind workflow that wait to begin or go on, by priority and then oldest first.</summary>
    Task<IReadOnlyList<Run>> OpenAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Begins a queued cycle: its run and its place in the first stage, both or neither. False when it may not begin now.
    /// </summary>
    Task<bool> TryStartAsync(Run run, WorkflowDefinition workflow, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>Enters items that were decided on. False when the cycle has gone on since.</summary>
    Task<bool> TryPrepareAsync(Cycle cycle, IReadOnlyList<CycleItem> items, CancellationToken cancellationToken = default);

    /// <summary>Begins a prepared item, for a step with its run in the queue: both or neither. False when it is begun already.</summary>
    Task<bool> TryBeginAsync(Cycle cycle, CycleItem item, Run? run, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>
    /// Records that a command is begun anew, because whoever recorded its begin ended before it was started. False when that is not so
    /// any more.
    /// </summary>
    Task<bool> TryRestartAsync(Cycle cycle, CycleItem item, string? folderBefore, CancellationToken cancellationToken = default);

    /// <summary>Records how an item ended. False when it has ended already.</summary>
    Task<bool> TryRecordEndAsync(
        Cycle cycle,
        CycleItem item,
        CycleItemState expected,
        DateTimeOffset now,
        CancellationToken cancellationToken = default
    );

    /// <summary>Records marks of an item that is over.</summary>
    Task MarkAsync(Cycle cycle, CycleItem item, CancellationToken cancellationToken = default);

    /// <summary>
    /// Records the end of a step that waits for an answer; its run waits for none any more. False when it has ended already.
    /// </summary>
    Task<bool> TryWithdrawAsync(Cycle cycle, CycleItem item, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>Records whether a cycle changed anything, once all below it has ended.</summary>
    Task NoteEffectAsync(Cycle cycle, bool? hasEffect, CancellationToken cancellationToken = default);

    /// <summary>Goes on to the next stage. False when it has gone on already.</summary>
    Task<bool> TryAdvanceAsync(Cycle cycle, int stage, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>Goes back to a stage. False when it has gone on already.</summary>
    Task<bool> TryGoBackAsync(Cycle cycle, CycleMove.GoBack back, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>
    /// Records how a cycle will end, and asks for the end of all that goes on below it. False when that is recorded already.
    /// </summary>
    Task<bool> TryJudgeAsync(
        Cycle cycle,
        CycleVerdict verdict,
        bool? hasEffect,
        DateTimeOffset now,
        CancellationToken cancellationToken = default
    );

    /// <summary>Notes that nothing is begun for now, and why; its time limit stands still from here on.</summary>
    Task<bool> HoldAsync(Cycle cycle, string reason, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>Ends a hold: the time limit is as far away as it was when it began.</summary>
    Task<bool> ReleaseAsync(Cycle cycle, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>
    /// Whether the latest cycles of the same work, this one not counted, all ended without any effect since its last escalation was
    /// resolved.
    /// </summary>
    /// <param name="cycle">The one that ends now.</param>
    /// <param name="step">The key of its work, as escalations count it.</param>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<bool> WereIdleAsync(Cycle cycle, string step, int count, CancellationToken cancellationToken = default);
}
