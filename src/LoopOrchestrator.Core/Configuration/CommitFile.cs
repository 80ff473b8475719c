using LoopOrchestrator.Core.Commits;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Configuration;

/// <summary>
/// How changes are committed by the configuration file as it is now. The program that commits is a process of its own and reads the file
/// for itself.
/// </summary>
internal static class CommitFile
{
    /// <summary>Reads the settings each time the file has changed; while it cannot be read or is broken, the last good ones.</summary>
    public static Func<CommitSettings> Open(WorkspacePaths paths, OrchestratorConfiguration configuration)
    {
        var file = new CachedFile<CommitSettings>(
            [new(paths, configuration.OtherFile ?? paths.StartupFile, FileSizes.Configuration)],
            (path, content) =>
            {
                var (now, diagnostics) = ConfigurationReader.Read(content, paths.Display(path));
                return (now.Commit, !diagnostics.Any(static diagnostic => diagnostic.Severity == Diagnostics.DiagnosticSeverity.Error));
            }
        );
        return () => file.Current.InForce;
    }
}
