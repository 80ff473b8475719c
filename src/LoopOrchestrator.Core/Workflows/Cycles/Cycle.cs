using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Workflows.Cycles;

/// <summary>One pass through a workflow, as the store holds it. A snapshot. It is itself a run, and its steps are runs below it.</summary>
/// <param name="Run">The run that it is: its id, task, schedule, state and times.</param>
/// <param name="Workflow">The workflow that it began with; a later change of the configuration does not reach it.</param>
public sealed record Cycle(Run Run, WorkflowDefinition Workflow)
{
    /// <summary>The position of the stage that it is in, from 0.</summary>
    public required int Stage { get; init; }

    /// <summary>The pass through a stage that is going on, from 1.</summary>
    public required int Visit { get; init; }

    /// <summary>How often it went back.</summary>
    public int Reworks { get; init; }

    /// <summary>How often the stage that it is in was begun anew.</summary>
    public int Retries { get; init; }

    /// <summary>What sent it back the last time; kept until the stage that failed is passed.</summary>
    public CycleFailure? Failure { get; init; }

    /// <summary>How it will end, once all below it has ended; <see langword="null"/> as long as that is open.</summary>
    public CycleVerdict? Verdict { get; init; }

    /// <summary>
    /// Since when nothing is begun, because its schedule is paused, a limit is reached, or somebody has to answer; <see langword="null"/>
    /// when it goes on. Its time limit does not run meanwhile.
    /// </summary>
    public DateTimeOffset? HeldSince { get; init; }

    /// <summary>Why it is held.</summary>
    public string? HeldReason { get; init; }

    /// <summary>Whether it changed anything; <see langword="null"/> where that is not known, or not yet.</summary>
    public bool? HasEffect { get; init; }

    /// <summary>All its items, in order.</summary>
    public required IReadOnlyList<CycleItem> Items { get; init; }

    /// <summary>The gate or sync command that failed last, with what it printed; <see langword="null"/> where none has.</summary>
    public CycleItem? FailedCommand =>
        Items.LastOrDefault(static item =>
            item is { Kind: CycleItemKind.Gate or CycleItemKind.Sync, State: CycleItemState.Failed, Output.Length: > 0 }
        );

    /// <summary>The stage that it is in.</summary>
    public WorkflowStage CurrentStage => Workflow.Stages[Stage];

    /// <summary>The items of the pass that is going on.</summary>
    public IEnumerable<CycleItem> Current => Items.Where(item => item.Visit == Visit);
}
