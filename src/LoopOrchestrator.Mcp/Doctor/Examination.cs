using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Detection;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Core.Trust;
using LoopOrchestrator.Mcp.Info;

namespace LoopOrchestrator.Mcp.Doctor;

/// <summary>Examines agents and files of a workspace and says what is wrong. Changes nothing.</summary>
internal static class Examination
{
    private static readonly TimeSpan VersionLimit = TimeSpan.FromSeconds(5);

    public static async Task<DoctorReport> RunAsync(
        WorkspacePaths paths,
        string? startupFile,
        OrchestratorConfiguration configuration,
        IReadOnlyList<Diagnostic> diagnostics,
        ApprovedEntries seen,
        IReadOnlyList<AgentHold> heldAgents
    )
    {
        var file = startupFile ?? paths.StartupFile;
        var trusted = seen.IsTrusted;
        var programs = await AgentDetection.FindAsync(paths.Root, VersionLimit, TimeProvider.System);
        var agents = configuration
            .Agents.Values.OrderBy(static agent => agent.Name, StringComparer.Ordinal)
            .Select(agent => Examine(agent, paths.Root, trusted))
            .ToList();
        var files = await WorkspaceFiles.InspectAsync(paths, file, FileInspectors.For(file, configuration, diagnostics));
        List<string> problems =
        [
            .. agents.Where(static agent => !agent.Usable).Select(static agent => $"Agent '{agent.Name}' cannot be used: {agent.Why}."),
            .. agents.SelectMany(static agent => agent.Warnings.Select(warning => $"Agent '{agent.Name}': {warning}.")),
            .. heldAgents.Select(static hold => $"{char.ToUpperInvariant(hold.WhyHeld[0])}{hold.WhyHeld[1..]}."),
            .. seen.Held().Select(static held => $"{held}. {ApprovedEntries.HowTo}."),
            .. files.SelectMany(static one => one.Problems),
            .. await GitAttention.DescribeAsync(paths, TimeProvider.System),
        ];
        var zones = ZoneDatabase.Find();
        return new DoctorReport(
            problems.Count == 0 ? "ok" : "needs_attention",
            problems,
            trusted,
            [.. programs.Select(static program => new DoctorProgram(program.Name, program.Path, program.Version, program.Problem))],
            agents,
            files,
            [
                .. zones.Warning(TimeProvider.System.GetUtcNow()) is { } old ? new[] { old } : [],
                .. await GitAdvice.DescribeAsync(paths, trusted, TimeProvider.System),
            ],
            InfoZones.Of(zones),
            configuration.FindRedactedVariables()
        );
    }

    private static DoctorAgent Examine(AgentDefinition agent, string workspace, bool trusted)
    {
        var program =
            agent.Kind == AgentKind.Handoff ? null
            : agent.Command.Count > 0 ? agent.Command[0]
            : agent.Preset;
        var search = program is null ? new ExecutableSearch(null, []) : ExecutableFinder.Find(program, workspace);
        var why =
            program is null ? null
            : search.Path is null
                ? $"its program '{program}' was not found (looked at {search.Places}); install it, or name its "
                    + $"path under agents.{agent.Name}.command in mcp_startup.json"
            : !trusted ? "the workspace is not trusted, so no program is started; say so with: loop-orchestrator trust"
            : null;
        return new DoctorAgent(agent.Name, agent.Kind.Name(), agent.Preset, search.Path, why is null, why, AgentEnvironment.Own(agent))
        {
            Warnings = AgentEnvironment.Missing(agent),
        };
    }
}
