using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Trust;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>Whether a person has seen what a cycle is about to begin, with the workflow that the cycle keeps.</summary>
internal sealed class CycleTrust(ApprovedEntries seen, RunHold runs, IRunStore store, string file)
{
    /// <summary>Whether the workspace is trusted at all.</summary>
    public bool IsTrusted => seen.IsTrusted;

    /// <summary>Why what is next in a cycle is held back; <see langword="null"/> when it is not.</summary>
    public string? WhyHeld(Cycle cycle)
    {
        var decided = cycle
            .Current.Where(static item => item.State == CycleItemState.Preparing)
            .Select(item => WhyHeld(cycle, item) ?? WhyStepHeld(cycle, item));
        var next = CycleRules.Next(cycle) is CycleMove.Begin begin
            ? begin.Positions.Select(position => WhyHeld(cycle, cycle.Stage, begin.Kind, position))
            : [];
        return decided.Concat(next).FirstOrDefault(static reason => reason is not null);
    }

    /// <summary>Why an item that was decided on is held back; <see langword="null"/> when it is not.</summary>
    public string? WhyHeld(Cycle cycle, CycleItem item) => WhyHeld(cycle, item.Stage, item.Kind, item.Position);

    /// <summary>Why the run of a step waits in the queue; <see langword="null"/> when it does not wait for a person.</summary>
    public async Task<string?> WhyHeldAsync(string runId, CancellationToken cancellationToken) =>
        IsTrusted && await store.FindAsync(runId, cancellationToken) is { State: RunState.Queued } run
            ? (await runs.CheckAsync(run, cancellationToken)).Held
            : null;

    private string? WhyStepHeld(Cycle cycle, CycleItem item) =>
        item.Mode is { } mode ? runs.WhyHeld(mode, cycle.Workflow.Stages[item.Stage].Steps[item.Position].Agent) : null;

    private string? WhyHeld(Cycle cycle, int stage, CycleItemKind kind, int position)
    {
        var of = cycle.Workflow.Stages[stage];
        var entry = kind switch
        {
            CycleItemKind.Gate or CycleItemKind.Baseline => WorkflowTrust.Gate(cycle.Workflow, of, of.Gates[position], file),
            CycleItemKind.Sync => WorkflowTrust.Sync(cycle.Workflow, cycle.Workflow.Sync[position], file),
            CycleItemKind.Step => WorkflowTrust.Step(cycle.Workflow, of, of.Steps[position], file),
            _ => null,
        };
        var guards = WorkflowTrust.Guards(cycle.Workflow, file);
        if (seen.Current.GuardsOf(guards) is { Guards.Present: { } present } now && guards.Guards!.Present.All(present.Contains))
        {
            // Only added to since the cycle began: nothing was taken from what guards it.
            guards = now;
        }

        return seen.WhyHeld(entry is null ? [guards] : [entry, guards]);
    }
}
