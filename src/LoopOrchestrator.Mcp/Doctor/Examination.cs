using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Detection;
using LoopOrchestrator.Core.Clients;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Mcp.Info;

namespace LoopOrchestrator.Mcp.Doctor;

/// <summary>
/// Examines agents and files of a workspace and says what is wrong. Changes nothing. What needs a person's attention is not decided here:
/// that is <see cref="WorkspaceStatus.Attention"/>, for <c>status</c> and <c>--info</c> alike.
/// </summary>
internal static class Examination
{
    private static readonly TimeSpan VersionLimit = TimeSpan.FromSeconds(5);

    public static async Task<DoctorReport> RunAsync(
        WorkspacePaths paths,
        string? startupFile,
        OrchestratorConfiguration configuration,
        IReadOnlyList<Diagnostic> diagnostics,
        WorkspaceStatus status
    )
    {
        var file = startupFile ?? paths.StartupFile;
        var trusted = status.TrustGivenBy is not null;
        var programs = await AgentDetection.FindAsync(paths.Root, VersionLimit, TimeProvider.System);
        var agents = configuration
            .Agents.Values.OrderBy(static agent => agent.Name, StringComparer.Ordinal)
            .Select(agent => Examine(AgentUse.Of(agent, paths.Root), trusted || status.Servers.Any(static server => server.Trusted)))
            .ToList();
        var files = await WorkspaceFiles.InspectAsync(paths, file, FileInspectors.For(file, configuration, diagnostics));
        var zones = ZoneDatabase.Find();
        var audit = DoctorAuditLog.Of(paths);
        return new DoctorReport(
            status.Attention.Count == 0 ? "ok" : "needs_attention",
            status.Attention,
            trusted,
            [.. programs.Select(static program => new DoctorProgram(program.Name, program.Path, program.Version, program.Problem))],
            agents,
            files,
            [
                .. zones.Warning(TimeProvider.System.GetUtcNow()) is { } old ? new[] { old } : [],
                .. audit.Problem is { } problem
                    ? new[] { $"The audit log {audit.File} cannot be written by a server over HTTP: {problem}." }
                    : [],
                .. await GitAdvice.DescribeAsync(paths, trusted, TimeProvider.System),
                .. new ClientSetup(ClientPlaces.OfThisProcess(), paths, TimeProvider.System).Examine(),
            ],
            InfoZones.Of(zones),
            audit,
            configuration.FindRedactedVariables()
        );
    }

    private static DoctorAgent Examine(AgentUse use, bool trusted)
    {
        var agent = use.Agent;
        var why = use.Missing
            ?? (
                use.Path is not null && !trusted
                    ? "the workspace is not trusted, so no program is started; say so with: loop-orchestrator trust"
                    : null
            );
        return new DoctorAgent(agent.Name, agent.Kind.Name(), agent.Preset, use.Path, why is null, why, AgentEnvironment.Own(agent))
        {
            Warnings = AgentEnvironment.Missing(agent),
        };
    }
}
