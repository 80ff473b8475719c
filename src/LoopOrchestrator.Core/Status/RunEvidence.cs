using System.Globalization;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Workflows.Cycles;

namespace LoopOrchestrator.Core.Status;

/// <summary>
/// What shows that an ended run did something, apart from the word of its state. Pure. A step of a cycle has the gates of its pass; a cycle
/// has the last pass of each of its gates and what all its steps changed.
/// </summary>
public sealed record RunEvidence
{
    /// <summary>The gates, in their order, each with how it ended.</summary>
    public IReadOnlyList<GateEvidence> Gates { get; init; } = [];

    /// <summary>What changed, by checkpoints; <see langword="null"/> where that is not known: outside a cycle nobody looks.</summary>
    public StepChanges? Changes { get; init; }

    /// <summary>The exit code of a command that was configured as an agent; <see langword="null"/> for any other run.</summary>
    public int? ExitCode { get; init; }

    /// <summary>US dollars, where its agent says so.</summary>
    public double? CostUsd { get; init; }

    /// <summary>Tokens, where its agent says so.</summary>
    public AgentTokens? Tokens { get; init; }

    /// <summary>What its agent reported with <c>complete_run</c>; <see langword="null"/> where it made no report.</summary>
    public string? Report { get; init; }

    /// <summary>
    /// Whether there is any: a gate or a command that passed, a changed file, a commit, a report, or use of a model. A success without any
    /// is only said to be one.
    /// </summary>
    public bool Any =>
        Gates.Any(static gate => gate.Passed)
        || Changes is { Any: true }
        || ExitCode == 0
        || Report is not null
        || CostUsd > 0
        || Tokens is { Total: > 0 };

    /// <summary>
    /// The evidence of a run that has ended; <see langword="null"/> for one that has not, or whose end is known from files alone.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="cycle">The cycle that it is, or is a step of; <see langword="null"/> for neither.</param>
    public static RunEvidence? Of(Run run, Cycle? cycle)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (!run.State.HasEnded() || run.IsUnverified)
        {
            return null;
        }

        var step = cycle?.Items.FirstOrDefault(item => item.RunId == run.Id);
        return new RunEvidence
        {
            Gates =
                cycle is null ? []
                : run.Kind == RunKind.Cycle ? LastPasses(cycle)
                : step is null ? []
                : [.. cycle.Items.Where(item => IsGate(item) && item.Visit == step.Visit).Select(GateEvidence.Of)],
            Changes =
                run.Kind == RunKind.Cycle
                    ? cycle is null
                        ? null
                        : Sum(cycle)
                    : step?.Changes,
            ExitCode = run.AgentKind == AgentKind.Command ? run.ExitCode : null,
            CostUsd = run.CostUsd,
            Tokens = run.Tokens,
            Report = run.ReportedOutcome is null ? null : run.Summary ?? run.ReportedOutcome.Value.Name(),
        };
    }

    /// <summary>It in one line; of a run without any, that there is none.</summary>
    public string Describe()
    {
        var parts = new List<string>();
        if (Gates.Count > 0)
        {
            parts.Add($"{Gates.Count(static gate => gate.Passed)} of {Gates.Count} gate(s) passed");
        }

        if (ExitCode is { } code)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"exit code {code}"));
        }

        if (Changes is { } changes)
        {
            parts.Add(changes.ToString());
        }

        if (CostUsd is { } cost)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{cost:0.00##} USD"));
        }

        if (Tokens is { } tokens)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{tokens.Total:#,0} tokens"));
        }

        if (Report is not null)
        {
            parts.Add("reported");
        }

        return !Any ? string.Join(", ", parts.Prepend("no evidence")) : string.Join(", ", parts);
    }

    private static bool IsGate(CycleItem item) => item is { Kind: CycleItemKind.Gate, IsOver: true };

    private static List<GateEvidence> LastPasses(Cycle cycle) =>
        [
            .. cycle
                .Items.Where(IsGate)
                .GroupBy(static item => (item.Stage, item.Position))
                .Select(static passes => passes.MaxBy(static item => item.Number)!)
                .OrderBy(static item => item.Number)
                .Select(GateEvidence.Of),
        ];

    // A file that two steps changed is one file. Of steps with more files than are listed, all are counted.
    private static StepChanges? Sum(Cycle cycle)
    {
        var known = cycle.Items.Select(static item => item.Changes).OfType<StepChanges>().ToList();
        if (known.Count == 0)
        {
            return null;
        }

        var files = known.SelectMany(static changes => changes.Files).DistinctBy(static file => file[2..], StringComparer.Ordinal).ToList();
        var unlisted = known.Sum(static changes => Math.Max(0, changes.FileCount - changes.Files.Count));
        return new StepChanges(
            files.Count + unlisted,
            known.Sum(static changes => changes.Added),
            known.Sum(static changes => changes.Removed),
            [.. files.Take(StepChanges.MaxListed)],
            [.. known.SelectMany(static changes => changes.Commits).Distinct(StringComparer.Ordinal).Take(StepChanges.MaxListed)]
        );
    }
}
