using LoopOrchestrator.Core.Workspaces;

namespace LoopOrchestrator.Mcp.Info;

/// <summary>Looks at the workspace's files without changing them.</summary>
internal static class WorkspaceFiles
{
    public static IReadOnlyList<InfoFile> Look(WorkspacePaths paths, string startupFile, IReadOnlyList<IFileInspector> inspectors)
    {
        // Roo Scheduler's file counts only where ours does not exist; the one in force is shown, and ours where there is none.
        var schedules = !File.Exists(paths.Schedules) && File.Exists(paths.RooSchedules) ? paths.RooSchedules : paths.Schedules;
        string[] files = [schedules, paths.RooModes, paths.Timing, paths.Memory, paths.Todo, startupFile];
        return [.. files.Select(file => LookAt(paths, file, inspectors))];
    }

    private static InfoFile LookAt(WorkspacePaths paths, string file, IReadOnlyList<IFileInspector> inspectors)
    {
        var name = paths.Display(file);
        if (!File.Exists(file))
        {
            string[] problems = Directory.Exists(file) ? [$"{name}: error: this is a folder, and a file is expected here."] : [];
            return new InfoFile(name, file, problems.Length > 0, Readable: false, Size: null, problems);
        }

        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var findings = inspectors
                .Where(inspector => string.Equals(inspector.PathIn(paths), file, StringComparison.Ordinal))
                .SelectMany(inspector => inspector.Inspect(paths))
                .Select(finding => finding.ToString());
            return new InfoFile(name, file, Exists: true, Readable: true, stream.Length, [.. findings]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new InfoFile(name, file, Exists: true, Readable: false, Size: null, [$"{name}: error: the file cannot be read: {exception.Message}"]);
        }
    }
}
