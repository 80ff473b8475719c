using System.Collections.Concurrent;
using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Processes;

namespace LoopOrchestrator.Testing;

/// <summary>Supervisors that exist on disk only: each does what its test says, at once or later.</summary>
internal sealed class FakeSupervisors(TimeProvider time) : ISupervisorLauncher
{
    private readonly ConcurrentDictionary<string, (RunFolder Folder, SupervisorStart Start, Action OnExit)> _launched = new(
        StringComparer.Ordinal
    );
    private readonly ConcurrentQueue<SupervisorOrder> _orders = new();

    /// <summary>What was ordered, in the order of the launches.</summary>
    public IReadOnlyList<SupervisorOrder> Orders => [.. _orders];

    /// <summary>Called with each order as it is launched; nothing happens by itself when it is not set.</summary>
    public Action<SupervisorOrder>? OnLaunch { get; set; }

    public IReadOnlyList<string> SelfCommand { get; set; } = ["/opt/loop-orchestrator"];

    /// <summary>A process that has certainly ended: one with the id of this one that started in another boot.</summary>
    public static ProcessIdentity Dead { get; } = ProcessIdentity.Current with { Boot = "an earlier one" };

    public void Launch(RunFolder folder, SupervisorStart start, Action onExit)
    {
        var order = folder.ReadOrder()!;
        _launched[order.RunId] = (folder, start, onExit);
        _orders.Enqueue(order);
        OnLaunch?.Invoke(order);
    }

    /// <summary>The file that the output of a run would go to.</summary>
    public string OutputOf(string runId) => _launched[runId].Folder.Output;

    /// <summary>The supervisor of a run has come up and lives.</summary>
    public void ComeUp(string runId) =>
        _launched[runId].Folder.Write(new SupervisorRecord(ProcessIdentity.Current.ToString(), Agent: null));

    /// <summary>The supervisor of a run was killed.</summary>
    public void Die(string runId) => _launched[runId].Folder.Write(new SupervisorRecord(Dead.ToString(), Agent: null));

    /// <summary>The supervised program has ended, and so has its supervisor.</summary>
    public void End(string runId, int exitCode = 0) =>
        End(
            runId,
            new SupervisorOutcome
            {
                End = SupervisorEnd.Exited,
                Reason = $"it ended with exit code {exitCode}",
                EndedAt = time.GetUtcNow(),
                ExitCode = exitCode,
            }
        );

    /// <summary>As above, with this outcome.</summary>
    public void End(string runId, SupervisorOutcome outcome)
    {
        var (folder, start, onExit) = _launched[runId];
        folder.Write(outcome with { Secret = start.Secret, AgentDigest = folder.ReadOrder()?.AgentDigest });
        onExit();
    }
}
