using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Logs;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Scheduling;

/// <summary>
/// Wakes the loop when one of our own files changes or another process rings. It watches three folders, never their sub-folders: a
/// recursive watch on a repository costs thousands of watches and most of a second.
/// </summary>
internal sealed partial class WorkspaceWatch : IDisposable
{
    private readonly List<FileSystemWatcher> _watchers = [];
    private readonly WakeSignal _wake;

    public WorkspaceWatch(WorkspacePaths paths, WakeSignal wake, ILogger<WorkspaceWatch> logger)
    {
        _wake = wake;
        Watch(paths.Root, [Path.GetFileName(paths.Schedules), Path.GetFileName(paths.RooModes)], logger);
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

            watcher.Changed += (_, _) => _wake.Set();
            watcher.Created += (_, _) => _wake.Set();
            watcher.Deleted += (_, _) => _wake.Set();
            watcher.Renamed += (_, _) => _wake.Set();
            watcher.Error += (_, _) => _wake.Set();
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
