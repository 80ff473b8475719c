using System.ComponentModel;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Mcp.Tools.Runs;
using LoopOrchestrator.Mcp.Tools.Schedules;

namespace LoopOrchestrator.Mcp.Tools.Status;

/// <summary>The answer of <c>get_status</c>, and of the command <c>status --json</c>.</summary>
internal sealed record StatusResult
{
    private const int MostQueued = 20;

    [Description("The product's name.")]
    public required string Product { get; init; }

    [Description("The server's version.")]
    public required string Version { get; init; }

    [Description("The workspace's folder, absolute.")]
    public required string Workspace { get; init; }

    [Description("How this answer was asked for: stdio or http from a server, command from the command line.")]
    public required string Mode { get; init; }

    [Description("Whether commands and agents of this workspace may be executed.")]
    public required bool Trusted { get; init; }

    [Description("Who said so, or how to say so.")]
    public required string TrustSource { get; init; }

    [Description("What a person should look at or do; empty when all is well.")]
    public required IReadOnlyList<string> Attention { get; init; }

    [Description("The process that fires schedules (pid:start:boot); absent when none does.")]
    public string? SchedulerProcess { get; init; }

    [Description("Since when it does (UTC).")]
    public DateTimeOffset? SchedulerSince { get; init; }

    [Description("The live server processes of this workspace.")]
    public required IReadOnlyList<ServerResult> Servers { get; init; }

    [Description("How many runs are in each state.")]
    public required IReadOnlyDictionary<string, long> RunCounts { get; init; }

    [Description("The runs that are going on.")]
    public required IReadOnlyList<RunResult> Running { get; init; }

    [Description("The runs that wait to be started or claimed, in that order; 20 at the most.")]
    public required IReadOnlyList<RunResult> Queued { get; init; }

    [Description("The active schedules.")]
    public required IReadOnlyList<ScheduleResult> Schedules { get; init; }

    [Description("Ended runs whose closing row or memory entry could not be written yet.")]
    public required IReadOnlyList<string> FinalizationPending { get; init; }

    [Description("Lines of persistent-memory.md.")]
    public required int MemoryLines { get; init; }

    [Description("How many it may have.")]
    public required int MemoryMaxLines { get; init; }

    [Description("What is wrong in the workspace's files, as file:line:column: severity: message.")]
    public required IReadOnlyList<string> Findings { get; init; }

    /// <param name="status">The status.</param>
    /// <param name="workspace">The workspace's folder.</param>
    /// <param name="mode">How it was asked for.</param>
    /// <param name="howToTrust">What to say of trust where nothing gave it.</param>
    public static StatusResult From(WorkspaceStatus status, string workspace, string mode, string howToTrust) => new()
    {
        Product = Hosting.Product.Name,
        Version = Hosting.Product.Version,
        Workspace = workspace,
        Mode = mode,
        Trusted = status.TrustGivenBy is not null,
        TrustSource = status.TrustGivenBy ?? howToTrust,
        Attention = status.Attention,
        SchedulerProcess = status.SchedulerProcess,
        SchedulerSince = status.SchedulerSince,
        Servers = status.Servers.Select(static server => new ServerResult(server.Pid, server.Mode, server.Trusted, server.StartedAt)).ToList(),
        RunCounts = status.RunCounts.ToDictionary(static pair => pair.Key.Name(), static pair => pair.Value, StringComparer.Ordinal),
        Running = status.Running.Select(static run => RunResult.From(run)).ToList(),
        Queued = status.Queued.Take(MostQueued).Select(static run => RunResult.From(run)).ToList(),
        Schedules = status.Schedules.Where(static schedule => schedule.Schedule.Active).Select(ScheduleResult.From).ToList(),
        FinalizationPending = status.FinalizationPending,
        MemoryLines = status.Memory.Lines,
        MemoryMaxLines = status.Memory.MaxLines,
        Findings = status.Findings.Select(static finding => finding.ToString()).ToList(),
    };
}
