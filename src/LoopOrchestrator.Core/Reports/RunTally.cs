using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Reports;

/// <summary>
/// Sums up runs one by one, and keeps only sums: a month may have a hundred thousand. Pure: the same runs in the same order give the same
/// sums.
/// </summary>
internal sealed class RunTally
{
    private const int MaxSlowest = 10;
    private const int MaxModes = 30;

    // More than any bill: what an agent claims beyond is no number to be added to others.
    private const double MaxCost = 1e12;

    private readonly Dictionary<RunState, long> _byState = [];
    private readonly Dictionary<string, ReportMode> _byMode = new(StringComparer.Ordinal);
    private readonly SortedDictionary<DateOnly, decimal> _byDay = [];
    private readonly PriorityQueue<ReportStep, long> _slowest = new();
    private long _count;
    private long _withoutEvidence;
    private decimal _cost;
    private long _tokens;
    private long _priced;

    /// <summary>Takes a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="hasNoEvidence">Whether it succeeded with nothing but its state to show for it.</param>
    public void Add(Run run, bool hasNoEvidence)
    {
        ArgumentNullException.ThrowIfNull(run);
        _count++;
        // What is known from files alone is evidence of nothing.
        _withoutEvidence += hasNoEvidence || run is { IsUnverified: true, State: RunState.Succeeded } ? 1 : 0;
        _byState[run.State] = _byState.GetValueOrDefault(run.State) + 1;

        // A cycle has no agent: what it costs is what its steps cost, which are runs of their own.
        var cost = run.CostUsd is { } dollars && double.IsFinite(dollars) && dollars is >= 0 and < MaxCost ? (decimal)dollars : 0;
        if (run.CostUsd is not null || run.Tokens is not null)
        {
            _priced++;
            _cost += cost;
            _tokens += Math.Clamp(run.Tokens?.Total ?? 0, 0, long.MaxValue / 1_000_000);
            if (cost > 0)
            {
                var day = DateOnly.FromDateTime(run.CreatedAt.UtcDateTime);
                _byDay[day] = _byDay.GetValueOrDefault(day) + cost;
            }
        }

        var mode = run.Workflow is { } workflow ? $"cycle {workflow}" : run.Mode;
        var known = _byMode.GetValueOrDefault(mode) ?? new ReportMode(mode, 0, 0, 0, 0);
        _byMode[mode] = known with
        {
            Count = known.Count + 1,
            Succeeded = known.Succeeded + (run.State == RunState.Succeeded ? 1 : 0),
            Failed = known.Failed + (EndedBadly(run.State) ? 1 : 0),
            CostUsd = known.CostUsd + cost,
        };
        AddSlow(run);
    }

    /// <summary>The sums.</summary>
    public ReportRuns Sum() =>
        new()
        {
            Count = _count,
            ByState = new Dictionary<RunState, long>(_byState),
            WithoutEvidence = _withoutEvidence,
            Modes =
            [
                .. _byMode
                    .Values.OrderByDescending(static mode => mode.Count)
                    .ThenBy(static mode => mode.Mode, StringComparer.Ordinal)
                    .Take(MaxModes),
            ],
            CostUsd = _cost,
            Tokens = _tokens,
            Priced = _priced,
            CostByDay = [.. _byDay.Select(static day => new ReportDayCost(day.Key, day.Value))],
            Slowest =
            [
                .. _slowest
                    .UnorderedItems.Select(static item => item.Element)
                    .OrderByDescending(static step => step.Seconds)
                    .ThenBy(static step => step.RunId, StringComparer.Ordinal),
            ],
        };

    /// <summary>Whether a state is a bad end.</summary>
    internal static bool EndedBadly(RunState state) => state is RunState.Failed or RunState.TimedOut or RunState.Interrupted;

    private void AddSlow(Run run)
    {
        if (run.Kind == RunKind.Cycle || run is not { StartedAt: { } started, EndedAt: { } ended })
        {
            return;
        }

        var seconds = (long)Math.Max(0, (ended - started).TotalSeconds);
        if (_slowest.Count == MaxSlowest && _slowest.TryPeek(out _, out var least) && seconds <= least)
        {
            return;
        }

        _slowest.Enqueue(new ReportStep(run.Id, run.Mode, run.State, seconds, RunTitle.Of(run.Task)), seconds);
        if (_slowest.Count > MaxSlowest)
        {
            _slowest.Dequeue();
        }
    }
}
