using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Logs;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Scheduling;

/// <summary>
/// Tells when one of our own files changes or another process rings. It watches three folders, never their sub-folders: a recursive watch
/// on a repository costs thousands of watches and most of a second.
/// </summary>
internal sealed partial class WorkspaceWatch : IDisposable
{
    private readonly List<FileSystemWatcher> _watchers = [];
    private readonly Action _changed;

    /// <param name="paths">Where the files are.</param>
    /// <param name="changed">Called on any thread, several times for one change.</param>
    /// <param name="more">Further files in the folder of the workspace.</param>
    /// <param name="logger">Where a folder is told that cannot be watched.</param>
    public WorkspaceWatch(WorkspacePaths paths, Action changed, IReadOnlyList<string> more, ILogger<WorkspaceWatch> logger)
    {
        _changed = changed;
        Watch(
            paths.Root,
            [.. new[] { paths.Schedules, paths.RooModes }.Concat(more).Select(static path => Path.GetFileName(path))],
            logger
        );
        Watch(Path.GetDirectoryName(paths.RooSchedules)!, [Path.GetFileName(paths.RooSchedules)], logger);
        Watch(Path.GetDirectoryName(paths.Bell)!, [Path.GetFileName(paths.Bell)], logger);
    }

    public void Dispose() => _watchers.ForEach(static watcher => watcher.Dispose());

    private void Watch(string folder, string[] names, ILogger logger)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        try
        {
            var watcher = new FileSystemWatcher(folder)
            {
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size,
            };
            foreach (var name in names)
            {
                watcher.Filters.Add(name);
            }

            watcher.Changed += (_, _) => _changed();
            watcher.Created += (_, _) => _changed();
            watcher.Deleted += (_, _) => _changed();
            watcher.Renamed += (_, _) => _changed();
            watcher.Error += (_, _) => _changed();
            watcher.EnableRaisingEvents = true;
            _watchers.Add(watcher);
        }
        catch (IOException exception)
        {
            // The system's limit of watches: the regular look of the loop finds changes all the same, later.
            Log.NoWatch(logger, folder, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogEvents.FolderNotWatched,
            LogLevel.Warning,
            "{Folder} cannot be watched ({Error}); changes there are found within 30 s"
        )]
        public static partial void NoWatch(ILogger logger, string folder, string error);
    }
}
