using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Mcp.Tools.Escalations;
using LoopOrchestrator.Mcp.Tools.Runs;
using LoopOrchestrator.Mcp.Tools.Schedules;

namespace LoopOrchestrator.Mcp.Tools.Status;

/// <summary>The answer of <c>get_status</c>, and of the command <c>status --json</c>.</summary>
internal sealed record StatusResult
{
    private const int MaxQueued = 20;

    public required string Product { get; init; }

    public required string Version { get; init; }

    public required string Workspace { get; init; }

    /// <summary>How this answer was asked for: stdio or http from a server, command from the command line.</summary>
    public required string Mode { get; init; }

    /// <summary>Whether the schedules fire.</summary>
    public required ProofOfLifeResult ProofOfLife { get; init; }

    /// <summary>Whether commands and agents of this workspace may be executed.</summary>
    public required bool Trusted { get; init; }

    public required string TrustSource { get; init; }

    /// <summary>
    /// Commands, addresses and permissions that are new or have changed and that no person has seen, and agents whose model's service
    /// refused them: they wait.
    /// </summary>
    public IReadOnlyList<string> HeldBack { get; init; } = [];

    /// <summary>What a person should look at or do; empty when all is well.</summary>
    public required IReadOnlyList<string> Attention { get; init; }

    /// <summary>The process that fires schedules (pid:start:boot); absent when none does.</summary>
    public string? SchedulerProcess { get; init; }

    public DateTimeOffset? SchedulerSince { get; init; }

    public required IReadOnlyList<ServerResult> Servers { get; init; }

    public required IReadOnlyDictionary<string, long> RunCounts { get; init; }

    /// <summary>How many of those that succeeded have no report of their agent.</summary>
    public long WithoutReport { get; init; }

    /// <summary>What failed, ran out of time or was interrupted in the last 24 hours, the latest first; 20 at the most.</summary>
    public IReadOnlyList<RunRow> FailedLately { get; init; } = [];

    public required IReadOnlyList<RunRow> Running { get; init; }

    /// <summary>The runs that wait to be started or claimed, in that order; 20 at the most.</summary>
    public required IReadOnlyList<RunRow> Queued { get; init; }

    /// <summary>Steps that stopped after repeated failures; resolve_escalation lets them go on.</summary>
    public required IReadOnlyList<EscalationResult> Escalations { get; init; }

    /// <summary>Incidents that go on; they are kept where the configuration names somebody to be told (notices).</summary>
    public IReadOnlyList<IncidentResult> Incidents { get; init; } = [];

    /// <summary>Notices of incidents that were not taken yet, or were given up lately.</summary>
    public IReadOnlyList<UndeliveredResult> UndeliveredNotices { get; init; } = [];

    public required IReadOnlyList<ScheduleResult> Schedules { get; init; }

    /// <summary>Ended runs whose closing row or memory entry could not be written yet.</summary>
    public required IReadOnlyList<string> FinalizationPending { get; init; }

    public required int MemoryLines { get; init; }

    public required int MemoryMaxLines { get; init; }

    /// <summary>What is wrong in the workspace's files and the process's options, as file:line:column: severity: message.</summary>
    public required IReadOnlyList<string> Findings { get; init; }

    /// <param name="status">The status.</param>
    /// <param name="workspace">The workspace's folder.</param>
    /// <param name="mode">How it was asked for.</param>
    /// <param name="howToTrust">What to say of trust where nothing gave it.</param>
    /// <param name="warnings">What is wrong with the options of the process, a line each.</param>
    public static StatusResult From(
        WorkspaceStatus status,
        string workspace,
        string mode,
        string howToTrust,
        IReadOnlyList<string> warnings
    ) =>
        new()
        {
            Product = Bootstrap.Product.Name,
            Version = Bootstrap.Product.Version,
            Workspace = workspace,
            Mode = mode,
            ProofOfLife = ProofOfLifeResult.From(status.Life, status.At),
            Trusted = status.TrustGivenBy is not null,
            TrustSource = (status.TrustGivenBy ?? howToTrust) + (status.TrustNote is { } note ? $"; {note}" : ""),
            HeldBack = [.. status.HeldBack, .. status.HeldAgents.Select(static hold => hold.WhyHeld)],
            Attention = status.Attention,
            SchedulerProcess = status.SchedulerProcess,
            SchedulerSince = status.SchedulerSince,
            Servers = status
                .Servers.Select(static server => new ServerResult(server.Pid, server.Mode, server.Trusted, server.StartedAt))
                .ToList(),
            WithoutReport = status.WithoutReport,
            RunCounts = status.RunCounts.ToDictionary(static pair => pair.Key.Name(), static pair => pair.Value, StringComparer.Ordinal),
            FailedLately = status.FailedLately.Take(MaxQueued).Select(RunRow.From).ToList(),
            Running = status.Running.Select(RunRow.From).ToList(),
            Queued = status
                .Queued.Take(MaxQueued)
                .Select(run =>
                    RunRow.From(run) with
                    {
                        WhyNot = status.Waits.GetValueOrDefault(run.Id) is { } why ? ToolNames.Plain(why.Text) : null,
                    }
                )
                .ToList(),
            Escalations = status.Escalations.Select(EscalationResult.From).ToList(),
            Incidents = [.. status.Incidents.Take(MaxQueued).Select(IncidentResult.From)],
            UndeliveredNotices = [.. status.Undelivered.Take(MaxQueued).Select(UndeliveredResult.From)],
            Schedules = status.Schedules.Where(static schedule => schedule.Schedule.Active).Select(ScheduleResult.From).ToList(),
            FinalizationPending = status.FinalizationPending,
            MemoryLines = status.Memory.Lines,
            MemoryMaxLines = status.Memory.MaxLines,
            Findings = [.. warnings, .. status.Diagnostics.Select(static diagnostic => diagnostic.ToString())],
        };
}
