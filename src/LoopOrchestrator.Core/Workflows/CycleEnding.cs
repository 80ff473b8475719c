using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Git;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Core.Workflows.Cycles;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>
/// How a cycle ends: whether it had any effect, whether such cycles have come to nothing too often, and what is said of it.
/// </summary>
internal sealed class CycleEnding(ICycleStore cycles, IRunStore runs, WorkspacePaths paths, TimeProvider time)
{
    private const int MaxFollowUps = 20;

    // What the memory takes at most, in characters of up to four bytes: what it refuses would be owed for ever.
    private const int MaxSummaryLength = 2000;
    private const int MaxOutputLength = 1200;

    /// <summary>The verdict as it stands with what is known of the cycles before, and whether this one changed anything.</summary>
    public async Task<(CycleVerdict Verdict, bool? HasEffect)> JudgeAsync(
        Cycle cycle,
        CycleVerdict verdict,
        CancellationToken cancellationToken
    )
    {
        var hasEffect = HasEffect(cycle);
        var count = cycle.Workflow.IdleCyclesToEscalate;
        return
            hasEffect == false
            && verdict is { State: RunState.Succeeded or RunState.Failed, Escalates: false }
            && cycle.Workflow.Stages.Any(static stage => stage.Kind == Stage.Implementation)
            && await cycles.WereIdleAsync(cycle, StepKey.Of(cycle.Run), count - 1, cancellationToken)
            ? (
                new CycleVerdict(
                    RunState.Failed,
                    $"no progress: {count} cycle(s) in a row changed nothing; the last one: {verdict.State.Name()}, {verdict.Reason}",
                    Escalates: true
                ),
                hasEffect
            )
            : (verdict, hasEffect);
    }

    /// <summary>The end of a cycle whose verdict stands and below which nothing goes on any more.</summary>
    public async Task<RunEnd> DescribeAsync(Cycle cycle, CancellationToken cancellationToken)
    {
        var verdict = cycle.Verdict!;
        var steps = (
            await Task.WhenAll(
                cycle.Items.Where(static item => item.RunId is not null).Select(item => runs.FindAsync(item.RunId!, cancellationToken))
            )
        )
            .OfType<Run>()
            .ToList();
        var now = time.GetUtcNow();
        return new RunEnd(verdict.State, now, verdict.Reason)
        {
            Escalates = verdict.Escalates,
            Failure = RunFailure.Work,
            Summary = Summarise(cycle, LostRepository.Find(paths), now),
            FollowUps =
            [
                .. steps
                    .SelectMany(static run => run.FollowUps)
                    .Where(static text => !string.IsNullOrWhiteSpace(text))
                    .Distinct(StringComparer.Ordinal)
                    .Take(MaxFollowUps),
            ],
            CostUsd = steps.Exists(static run => run.CostUsd is not null) ? steps.Sum(static run => run.CostUsd ?? 0) : null,
        };
    }

    /// <summary>Whether a cycle changed anything, as far as its steps are over; <see langword="null"/> where that is not known.</summary>
    public static bool? HasEffect(Cycle cycle)
    {
        var steps = cycle.Items.Where(static item => item is { Kind: CycleItemKind.Step, RunId: not null }).ToList();
        return steps.Exists(static item => item.Changes is { Any: true }) ? true
            : steps.TrueForAll(static item => item.Changes is not null) && steps.Count > 0 ? false
            : null;
    }

    private static TimeSpan Span(IEnumerable<CycleItem> visit) =>
        visit.Max(static item => item.EndedAt!.Value) - visit.Min(static item => item.StartedAt);

    private static string Summarise(Cycle cycle, string? lost, DateTimeOffset now)
    {
        var stages = cycle
            .Items.Where(static item => item.EndedAt is not null)
            .GroupBy(static item => item.Stage)
            .OrderBy(static stage => stage.Key)
            .Select(stage => $"{cycle.Workflow.Stages[stage.Key].Name} {Seconds(stage.GroupBy(static item => item.Visit).Select(Span))} s");
        var failures = cycle
            .Items.Where(static item => item.State == CycleItemState.Failed)
            .Select(item =>
                $"- {CycleRules.Describe(cycle.Workflow.Stages[item.Stage], item)}: "
                + $"{item.Reason}{(item.ExitCode is { } code ? $" (exit code {code})" : "")}"
            )
            .ToList();
        var changes = cycle
            .Items.Where(static item => item.Changes is { Any: true })
            .SelectMany(static item => item.Changes!.Files)
            .Distinct(StringComparer.Ordinal)
            .Count();
        var text =
            $"Cycle of workflow '{cycle.Workflow.Name}': {cycle.Verdict!.State.Name()}, {cycle.Verdict.Reason}. "
            + $"It took {Seconds([now - (cycle.Run.StartedAt ?? now)])} s ({string.Join(", ", stages)}), {cycle.Reworks} "
            + $"rework(s), {(HasEffect(cycle) is null ? "changes not known" : $"{changes} file(s) changed")}.";
        if (lost is not null)
        {
            text += $"\n{Sentence.Begin(lost)}.";
        }

        if (failures.Count > 0)
        {
            text += $"\nFailures:\n{string.Join('\n', failures)}";
        }

        if (
            cycle.Verdict.State != RunState.Succeeded
            && cycle.Items.LastOrDefault(static item => item is { State: CycleItemState.Failed, Output.Length: > 0 })?.Output is { } output
        )
        {
            text += $"\nLast output: {(output.Length <= MaxOutputLength ? output : "… " + output[^MaxOutputLength..])}";
        }

        return TextCut.Head(text, MaxSummaryLength).ToString();
    }

    private static long Seconds(IEnumerable<TimeSpan> parts) => (long)parts.Sum(static part => part.TotalSeconds);
}
