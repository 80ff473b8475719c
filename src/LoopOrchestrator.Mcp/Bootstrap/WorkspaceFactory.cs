using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Core.Trust;
using LoopOrchestrator.Mcp.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LoopOrchestrator.Mcp.Bootstrap;

/// <summary>Puts the workspace of this process together from its options.</summary>
internal static class WorkspaceFactory
{
    /// <summary>Agents, modes and limits of the configuration file, and what is wrong in it.</summary>
    public static ConfigurationReading ReadConfiguration(ServerOptions options, WorkspacePaths paths)
    {
        var file = options.ConfigFile.Value ?? paths.StartupFile;
        try
        {
            var (configuration, diagnostics) = ConfigurationReader.Read(
                new SharedPath(paths, file, FileSizes.Configuration).ReadOrNull(),
                paths.Display(file)
            );

            // The workspace's own file by another name is the same file, and what was seen of it counts.
            var isOwn = RealPath.Of(file) == RealPath.Of(paths.StartupFile);
            return new ConfigurationReading(configuration with { OtherFile = isOwn ? null : Path.GetFullPath(file) }, diagnostics);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var unreadable = new Diagnostic(
                DiagnosticSeverity.Error,
                paths.Display(file),
                null,
                null,
                $"the file cannot be read: {exception.Message}"
            );
            return new ConfigurationReading(new OrchestratorConfiguration(), [unreadable]);
        }
    }

    /// <summary>The user's word, from the option or variable, else as recorded.</summary>
    public static WorkspaceTrust Trust(ServerOptions options) =>
        new(
            options.Workspace.Value,
            options.TrustWorkspace.Value == true ? options.TrustWorkspace.Source : null,
            refused: options.TrustWorkspace.Value == false
        );

    /// <summary>Which commands of the workspace a person has seen, without putting a workspace together.</summary>
    public static ApprovedEntries Approved(ServerOptions options, WorkspacePaths paths, OrchestratorConfiguration configuration) =>
        new TrustInventory(paths, configuration, new ScheduleSource(paths, TimeProvider.System), new ModeFile(paths)).OpenApproved(
            Trust(options),
            TimeProvider.System
        );

    /// <summary>A workspace that is looked at by a command: nothing is logged, and nothing served.</summary>
    public static Workspace Create(ServerOptions options, WorkspacePaths paths, OrchestratorConfiguration configuration) =>
        new(paths, configuration, Trust(options), SelfCommand.Get(), TimeProvider.System, NullLoggerFactory.Instance);

    public static Workspace Create(ServerContext context, ILoggerFactory logging, TimeProvider time) =>
        new(
            context.Paths,
            ReadConfiguration(context.Options, context.Paths).Configuration,
            Trust(context.Options),
            SelfCommand.Get(),
            time,
            logging
        );
}
