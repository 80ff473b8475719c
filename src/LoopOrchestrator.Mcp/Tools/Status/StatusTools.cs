using System.ComponentModel;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting;
using LoopOrchestrator.Mcp.Tools.Runs;
using LoopOrchestrator.Mcp.Tools.Schedules;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Status;

/// <summary>The tools about the server itself.</summary>
[McpServerToolType]
internal sealed class StatusTools(Workspace workspace, ServerContext context)
{
    private const int MostQueued = 20;

    [McpServerTool(
        Name = "get_status",
        Title = "Server status",
        ReadOnly = true,
        Destructive = false,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true)]
    [Description(
        "Says how the workspace stands: what needs a person's attention, what runs, what waits, what is due next, which process fires schedules, "
        + "whether commands and agents may be executed, and what is wrong in the files. Call it first.")]
    public async Task<StatusResult> GetStatusAsync(CancellationToken cancellationToken)
    {
        var status = await workspace.Status.ReadAsync(cancellationToken);
        return new StatusResult
        {
            Product = Product.Name,
            Version = Product.Version,
            Workspace = workspace.Paths.Root,
            Mode = context.Mode == TransportMode.Stdio ? "stdio" : "http",
            Trusted = status.TrustGivenBy is not null,
            TrustSource = status.TrustGivenBy ?? context.Trust.Source,
            Attention = status.Attention,
            SchedulerProcess = status.SchedulerProcess,
            SchedulerSince = status.SchedulerSince,
            Servers = status.Servers.Select(static server => new ServerResult(server.Pid, server.Mode, server.Trusted, server.StartedAt)).ToList(),
            RunCounts = status.RunCounts.ToDictionary(static pair => pair.Key.Name(), static pair => pair.Value, StringComparer.Ordinal),
            Running = status.Running.Select(RunRow.From).ToList(),
            Queued = status.Queued.Take(MostQueued).Select(RunRow.From).ToList(),
            Schedules = status.Schedules.Where(static schedule => schedule.Schedule.Active).Select(ScheduleResult.From).ToList(),
            FinalizationPending = status.FinalizationPending,
            MemoryLines = status.Memory.Lines,
            MemoryMaxLines = status.Memory.MaxLines,
            Findings = status.Findings.Select(static finding => finding.ToString()).ToList(),
        };
    }
}
