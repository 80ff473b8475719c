using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Git;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Todo;
using LoopOrchestrator.Core.Workflows;
using LoopOrchestrator.Core.Workflows.Planning;

namespace LoopOrchestrator.Mcp.Info;

/// <summary>The inspectors that <c>--info</c> asks. They are listed rather than registered: the command starts no container.</summary>
internal static class FileInspectors
{
    /// <param name="startupFile">The configuration file, which may lie outside the workspace.</param>
    /// <param name="configuration">What it says; it has been read already.</param>
    /// <param name="startupDiagnostics">What was found in it.</param>
    public static IReadOnlyList<FileInspector> For(
        string startupFile,
        OrchestratorConfiguration configuration,
        IReadOnlyList<Diagnostic> startupDiagnostics
    ) =>
        [
            new(
                static paths => File.Exists(paths.Schedules) ? paths.Schedules : paths.RooSchedules,
                paths =>
                    ValueTask.FromResult(
                        new ScheduleSource(paths, TimeProvider.System, [.. configuration.Workflows.Keys], new ModeFile(paths)).Diagnostics
                    )
            ),
            new(static paths => paths.RooModes, static paths => ValueTask.FromResult(new ModeFile(paths).Diagnostics)),
            new(static paths => paths.Timing, static paths => ValueTask.FromResult(TimingLogReader.Read(paths).Diagnostics)),
            new(
                static paths => paths.Memory,
                static async paths => (await new MemoryStore(paths, TimeProvider.System).ReadAsync()).Diagnostics
            ),
            new(static paths => paths.Todo, static paths => ValueTask.FromResult(TodoReader.Read(paths).Diagnostics)),
            new(
                _ => startupFile,
                paths =>
                    ValueTask.FromResult<IReadOnlyList<Diagnostic>>([
                        .. startupDiagnostics,
                        .. Workflows(paths, startupFile, configuration),
                    ])
            ),
        ];

    private static IEnumerable<Diagnostic> Workflows(WorkspacePaths paths, string startupFile, OrchestratorConfiguration configuration)
    {
        var (modes, agents) = (new ModeFile(paths).Catalog, new AgentCatalog(configuration.AgentSettings));
        var file = paths.Display(startupFile);
        return new WorkflowCatalog(configuration.Workflows)
            .All.SelectMany(workflow => WorkflowCheck.Check(workflow, modes, agents, file, GitFolder.WhyNone(paths.Root)))
            .Concat(ModeNames.Check(configuration.ModePlaces, modes, file));
    }
}
