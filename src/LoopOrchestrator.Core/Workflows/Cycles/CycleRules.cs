using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Workflows.Cycles;

/// <summary>
/// What a cycle does next, from nothing but what is recorded of it. Pure, so that whoever looks after a crash decides as the one before
/// would have. In a stage: its steps, its gates, the landing of isolated work, its sync commands, then the next stage.
/// </summary>
internal static class CycleRules
{
    /// <summary>How often an item is begun in one pass whose supervisor was killed each time.</summary>
    public const int MaxInterruptions = 3;

    private const string BeforeToo =
        "; it fails on the tree as it was before the steps of the stage, too, so they may not be to blame: what git ignores is not in it";

    /// <summary>Decides.</summary>
    public static CycleMove Next(Cycle cycle)
    {
        var stage = cycle.CurrentStage;
        var items = cycle.Current.ToList();
        if (items.Exists(static item => !item.IsOver))
        {
            return new CycleMove.Wait();
        }

        if (items.Find(static item => item.State == CycleItemState.Cancelled) is { } cancelled)
        {
            return End(RunState.Cancelled, $"{Describe(stage, cancelled)} was cancelled: {cancelled.Reason}");
        }

        // A sync point that failed is not passed, whatever the stage would forgive its steps.
        var failures = items.FindAll(item =>
            item.Kind != CycleItemKind.Baseline && (item.State == CycleItemState.Failed || IsLost(items, item))
        );
        var forgives = stage.OnFailure.Action == FailureAction.Continue;
        if (failures.Find(item => !forgives || item.Kind is CycleItemKind.Sync or CycleItemKind.Landing) is { } failed)
        {
            return NextBaseline(cycle, stage, failed) ?? AfterFailure(cycle, stage, failed);
        }

        bool IsMissing(CycleItemKind kind, int position) =>
            !items.Exists(item => item.Kind == kind && item.Position == position && item.State == CycleItemState.Passed);

        // What is left of the stage falls away with a failure that is forgiven, except its sync point.
        foreach (var (kind, count) in Order(cycle.Workflow, stage).Where(part => failures.Count == 0 || part.Kind == CycleItemKind.Sync))
        {
            var missing = Enumerable.Range(0, count).Where(position => IsMissing(kind, position)).ToList();
            if (missing.Count > 0)
            {
                return new CycleMove.Begin(kind, kind == CycleItemKind.Step && stage.Parallel ? missing : missing[..1]);
            }
        }

        return Onwards(cycle);
    }

    /// <summary>What a stage consists of, in order.</summary>
    public static IEnumerable<(CycleItemKind Kind, int Count)> Order(WorkflowDefinition workflow, WorkflowStage stage)
    {
        yield return (CycleItemKind.Step, stage.Steps.Count);
        yield return (CycleItemKind.Gate, stage.Gates.Count);
        yield return (CycleItemKind.Landing, stage.Steps.Any(static step => step.Isolated) ? 1 : 0);
        yield return (CycleItemKind.Sync, stage.IsSyncPoint ? workflow.Sync.Count : 0);
    }

    /// <summary>An item as it is called in messages.</summary>
    public static string Describe(WorkflowStage stage, CycleItem item) =>
        item.Kind switch
        {
            CycleItemKind.Step => $"step '{item.Name}' of stage '{stage.Name}'",
            CycleItemKind.Gate => $"gate '{item.Name}' of stage '{stage.Name}'",
            CycleItemKind.Baseline => $"gate '{item.Name}' of stage '{stage.Name}' on the tree as it was before its steps",
            CycleItemKind.Landing => $"the landing of stage '{stage.Name}'",
            _ => $"sync command '{item.Name}' at stage '{stage.Name}'",
        };

    private static bool IsLost(List<CycleItem> items, CycleItem item) =>
        item.State == CycleItemState.Interrupted
        && items.Count(other => other.Kind == item.Kind && other.Position == item.Position && other.State == CycleItemState.Interrupted)
            >= MaxInterruptions;

    // What a step that works apart has not brought about is not its fault: what git ignores is not in its tree, for one.
    private static CycleMove.Begin? NextBaseline(Cycle cycle, WorkflowStage stage, CycleItem failed)
    {
        if (
            failed is not { Kind: CycleItemKind.Gate, State: CycleItemState.Failed, Fault: null }
            || !stage.Steps.Any(static step => step.Isolated)
        )
        {
            return null;
        }

        var looks = BaselinesOf(cycle, failed);
        return looks.Exists(static look => look.State != CycleItemState.Interrupted) || looks.Count >= MaxInterruptions
            ? null
            : new CycleMove.Begin(CycleItemKind.Baseline, [failed.Position]);
    }

    private static bool FailedBefore(Cycle cycle, CycleItem failed) =>
        failed.Kind == CycleItemKind.Gate
        && BaselinesOf(cycle, failed).Exists(static look => look is { State: CycleItemState.Failed, Fault: null });

    // A rework begins on the same tree, so one look does for all passes of the stage, as long as the cycle has brought nothing into the
    // workspace since.
    private static List<CycleItem> BaselinesOf(Cycle cycle, CycleItem failed)
    {
        var items = cycle.Items.ToList();
        var changedAt = items.FindLastIndex(item =>
            item.Kind is CycleItemKind.Landing or CycleItemKind.Sync
            || (item.Kind == CycleItemKind.Step && !cycle.Workflow.Stages[item.Stage].Steps[item.Position].Isolated)
        );
        return
        [
            .. items.Where(
                (item, at) =>
                    item.Kind == CycleItemKind.Baseline
                    && item.Stage == failed.Stage
                    && item.Position == failed.Position
                    && (item.Visit == failed.Visit || (at > changedAt && item.State != CycleItemState.Interrupted))
            ),
        ];
    }

    private static CycleMove AfterFailure(Cycle cycle, WorkflowStage stage, CycleItem failed)
    {
        var what = Describe(stage, failed);
        var failure = new CycleFailure(
            stage.Name,
            what,
            $"{failed.Reason ?? failed.State.ToString()}{(FailedBefore(cycle, failed) ? BeforeToo : "")}",
            failed.Output,
            failed.RunId
        );
        var policy = stage.OnFailure;
        if (failed.Fault is { } fault)
        {
            return End(
                RunState.Failed,
                $"{what} failed: {failure.Reason}; nothing is done again for it, because {WhyNoRework(fault)}",
                escalates: policy.Action == FailureAction.Escalate
            );
        }

        return policy.Action switch
        {
            FailureAction.Rework when cycle.Reworks < cycle.Workflow.MaxReworks => new CycleMove.GoBack(
                StageOf(cycle.Workflow, policy.ReworkTo, cycle.Stage),
                IsRework: true,
                failure
            ),
            FailureAction.Rework => End(
                RunState.Failed,
                $"{what} failed, and the cycle has gone back {cycle.Reworks} time(s) already: {failure.Reason}",
                escalates: true
            ),
            FailureAction.Retry when cycle.Retries < policy.MaxRetries => new CycleMove.GoBack(cycle.Stage, IsRework: false, failure),
            FailureAction.Escalate => End(RunState.Failed, $"{what} failed: {failure.Reason}", escalates: true),
            _ => End(
                RunState.Failed,
                $"{what} failed{(policy.Action == FailureAction.Retry ? $" after {cycle.Retries} retries" : "")}: {failure.Reason}"
            ),
        };
    }

    private static string WhyNoRework(CycleFault fault) =>
        fault switch
        {
            CycleFault.Missing => "what is missing would still be missing",
            _ => "no model has judged the work",
        };

    private static CycleMove Onwards(Cycle cycle) =>
        cycle.Stage + 1 < cycle.Workflow.Stages.Count
            ? new CycleMove.Advance(cycle.Stage + 1)
            : End(
                RunState.Succeeded,
                Forgiven(cycle) is { Count: > 0 } forgiven
                    ? $"all stages of workflow '{cycle.Workflow.Name}' are done; failed and gone on with: {string.Join(", ", forgiven)}"
                    : $"all {cycle.Workflow.Stages.Count} stages of workflow '{cycle.Workflow.Name}' passed"
            );

    // Of each stage its last pass counts: what was mended by a rework is no failure any more.
    private static List<string> Forgiven(Cycle cycle) =>
        [
            .. cycle
                .Items.GroupBy(static item => item.Stage)
                .SelectMany(static stage => stage.Where(item => item.Visit == stage.Max(static other => other.Visit)))
                .Where(static item => item.Kind != CycleItemKind.Baseline)
                .Where(static item => item.State is CycleItemState.Failed or CycleItemState.Interrupted)
                .Where(item =>
                    item.State == CycleItemState.Failed
                    || !cycle.Items.Any(other =>
                        other.Visit == item.Visit
                        && other.Kind == item.Kind
                        && other.Position == item.Position
                        && other.State == CycleItemState.Passed
                    )
                )
                .Select(item => Describe(cycle.Workflow.Stages[item.Stage], item))
                .Distinct(StringComparer.Ordinal),
        ];

    private static int StageOf(WorkflowDefinition workflow, string? name, int current)
    {
        for (var index = current; index >= 0; index--)
        {
            if (workflow.Stages[index].Name == name)
            {
                return index;
            }
        }

        return current;
    }

    private static CycleMove.End End(RunState state, string reason, bool escalates = false) =>
        new(new CycleVerdict(state, reason, escalates));
}
