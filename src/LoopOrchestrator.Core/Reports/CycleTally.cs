using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Core.Workflows.Cycles;

namespace LoopOrchestrator.Core.Reports;

/// <summary>Sums up cycles one by one, the latest first. Pure as <see cref="RunTally"/>.</summary>
internal sealed class CycleTally
{
    private const int MaxListed = 50;

    private readonly Dictionary<RunState, long> _byState = [];
    private readonly List<ReportCycle> _latest = [];
    private ReportCycles _sums = new();

    /// <summary>Takes a cycle.</summary>
    public void Add(Cycle cycle)
    {
        ArgumentNullException.ThrowIfNull(cycle);
        var run = cycle.Run;
        var evidence = RunEvidence.Of(run, cycle);
        _byState[run.State] = _byState.GetValueOrDefault(run.State) + 1;
        _sums = _sums with
        {
            Count = _sums.Count + 1,
            Reworks = _sums.Reworks + cycle.Reworks,
            GatesPassed = _sums.GatesPassed + (evidence?.Gates.Count(static gate => gate.Passed) ?? 0),
            GatesFailed = _sums.GatesFailed + (evidence?.Gates.Count(static gate => !gate.Passed) ?? 0),
            Files = _sums.Files + (evidence?.Changes?.FileCount ?? 0),
            Added = _sums.Added + (evidence?.Changes?.Added ?? 0),
            Removed = _sums.Removed + (evidence?.Changes?.Removed ?? 0),
            Commits = _sums.Commits + (evidence?.Changes?.Commits.Count ?? 0),
        };
        if (_latest.Count < MaxListed)
        {
            _latest.Add(
                new ReportCycle(
                    run.Id,
                    cycle.Workflow.Name,
                    run.State,
                    run.CreatedAt,
                    run is { StartedAt: { } started, EndedAt: { } ended } ? (long)Math.Max(0, (ended - started).TotalSeconds) : null,
                    cycle.Reworks,
                    evidence?.Describe(),
                    RunTitle.Of(run.Task)
                )
            );
        }
    }

    /// <summary>The sums.</summary>
    public ReportCycles Sum() => _sums with { ByState = new Dictionary<RunState, long>(_byState), Latest = [.. _latest] };
}
