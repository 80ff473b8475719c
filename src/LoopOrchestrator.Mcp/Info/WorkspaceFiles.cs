using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Mcp.Info;

/// <summary>Inspects the workspace's files without changing them.</summary>
internal static class WorkspaceFiles
{
    private const int MaxDiagnostics = 20;

    public static async Task<IReadOnlyList<InfoFile>> InspectAsync(
        WorkspacePaths paths,
        string startupFile,
        IReadOnlyList<FileInspector> inspectors
    )
    {
        // Roo Scheduler's file counts only where ours does not exist; the one in force is shown, and ours where there is none.
        var schedules = !File.Exists(paths.Schedules) && File.Exists(paths.RooSchedules) ? paths.RooSchedules : paths.Schedules;
        string[] files = [schedules, paths.RooModes, paths.Timing, paths.Memory, paths.Todo, startupFile];
        var result = new List<InfoFile>();
        foreach (var file in files)
        {
            result.Add(await InspectFileAsync(paths, file, inspectors));
        }

        return result;
    }

    private static async Task<InfoFile> InspectFileAsync(WorkspacePaths paths, string file, IReadOnlyList<FileInspector> inspectors)
    {
        var name = paths.Display(file);
        if (!File.Exists(file))
        {
            string[] problems = Directory.Exists(file) ? [$"{name}: error: this is a folder, and a file is expected here."] : [];
            return new InfoFile(name, file, problems.Length > 0, Readable: false, Size: null, problems);
        }

        try
        {
            await using var stream = new FileStream(new SharedPath(paths, file, FileSizes.Own).OpenRead(), FileAccess.Read);
            var problems = new List<string>();
            foreach (var inspector in inspectors.Where(inspector => string.Equals(inspector.PathIn(paths), file, StringComparison.Ordinal)))
            {
                problems.AddRange((await inspector.InspectAsync(paths)).Select(static diagnostic => diagnostic.ToString()));
            }

            // A log of years may have thousands of odd rows; the document stays one that can be read.
            var more = problems.Count - MaxDiagnostics;
            return new InfoFile(
                name,
                file,
                Exists: true,
                Readable: true,
                stream.Length,
                more > 0 ? [.. problems.Take(MaxDiagnostics), $"{name}: note: and {more} more"] : problems
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or UserErrorException)
        {
            return new InfoFile(
                name,
                file,
                Exists: true,
                Readable: false,
                Size: null,
                [$"{name}: error: the file cannot be read: {exception.Message}"]
            );
        }
    }
}
