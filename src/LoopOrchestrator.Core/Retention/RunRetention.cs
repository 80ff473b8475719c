using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Timing.Rotation;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Retention;

/// <summary>
/// Removes the folders of runs that ended long ago, and of the oldest ones where all together have become too large; then the rows of
/// the database that are older than <see cref="RunLimits.KeepRowsDays"/>, and moves the months of the time log that are over. Kept are
/// runs that go on, that owe something, or that an open escalation is about. Beside the loop, once an hour, and each minute while the
/// folders take more than half of what they may.
/// </summary>
internal sealed partial class RunRetention(
    WorkspacePaths paths,
    IRetentionStore store,
    RowRetention rows,
    TimingRotation rotation,
    RunLimits limits,
    TimeProvider time,
    ILogger<RunRetention> logger
) : IDisposable
{
    // What a file system gives a file or a folder at the least; it is what a limit on the disk has to count.
    private const int BlockBytes = 4096;
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);
    private static readonly TimeSpan ShortPause = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly RepeatFilter _rotationTrouble = new();
    private long? _lastPass;
    private Task _work = Task.CompletedTask;
    private volatile bool _isFilling;

    /// <summary>Starts looking when it is time to, and returns at once.</summary>
    public void StartWhenDue()
    {
        if (_work.IsCompleted && (_lastPass is not { } last || time.GetElapsedTime(last) >= (_isFilling ? ShortPause : Pause)))
        {
            _lastPass = time.GetTimestamp();
            _work = Task.Run(() => PruneAsync(_stop.Token));
        }
    }

    /// <summary>Removes what is to be removed now.</summary>
    /// <returns>How many runs lost their folder.</returns>
    public async Task<int> PruneAsync(CancellationToken cancellationToken)
    {
        try
        {
            var folders = await RemoveAsync(cancellationToken);
            if (await rows.PruneAsync(cancellationToken) is > 0 and var runs)
            {
                Log.RowsRemoved(logger, runs, (int)rows.Age.TotalDays);
            }

            return folders;
        }
        catch (Exception exception) when (exception is UserErrorException or IOException or UnauthorizedAccessException)
        {
            Log.Failed(logger, exception.Message);
            return 0;
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
        finally
        {
            await RotateAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Stops after the folder that is being removed, and waits for that: whoever disposes of a workspace may then do with its folder what
    /// it likes.
    /// </summary>
    public void Dispose()
    {
        if (!_stop.IsCancellationRequested)
        {
            _stop.Cancel();
            _work.Wait();
            _stop.Dispose();
        }
    }

    private async Task RotateAsync(CancellationToken cancellationToken)
    {
        string? why;
        try
        {
            var rotated = await rotation.RotateAsync(cancellationToken);
            foreach (var month in rotated.Months)
            {
                Log.MonthMoved(logger, month.Lines, month.File);
            }

            why = rotated.WhyNot;
        }
        catch (UserErrorException exception)
        {
            why = exception.Message;
        }
        catch (OperationCanceledException)
        {
            return;
        }

        // The same each hour, for as long as nobody does anything about it.
        if (why is null)
        {
            _rotationTrouble.Clear();
        }
        else if (_rotationTrouble.IsNew(why))
        {
            Log.MonthsStay(logger, why);
        }
    }

    private async Task<int> RemoveAsync(CancellationToken cancellationToken)
    {
        var removable = await store.RemovableFoldersAsync(cancellationToken);
        var folders = GuardedFolder
            .Folders(paths.Runs, "run-*")
            .Select(static path => new DirectoryInfo(path))
            .Select(static folder => (Folder: folder, Bytes: Size(folder)))
            .ToList();
        var total = folders.Sum(static one => one.Bytes);
        var oldest = await rows.OldestAsync(TimeSpan.FromDays(limits.KeepRunsDays), cancellationToken);
        var removed = 0;
        foreach (
            var (folder, bytes) in folders.Where(one => removable.ContainsKey(one.Folder.Name)).OrderBy(one => removable[one.Folder.Name])
        )
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (removable[folder.Name] >= oldest && total <= limits.KeepRunsBytes)
            {
                break;
            }

            GuardedFolder.Delete(folder.FullName);
            total -= bytes;
            removed++;
        }

        _isFilling = total > limits.KeepRunsBytes / 2;
        if (removed > 0)
        {
            Log.Removed(logger, removed);
        }

        return removed;
    }

    private static long Size(DirectoryInfo folder)
    {
        try
        {
            return BlockBytes
                + folder
                    .EnumerateFileSystemInfos(
                        "*",
                        new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }
                    )
                    .Sum(static entry => entry is FileInfo file ? (file.Length + BlockBytes - 1) / BlockBytes * BlockBytes : BlockBytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is being written, or removed by somebody else.
            return 0;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogEvents.RunsRemoved,
            LogLevel.Information,
            "The folders of {Count} ended runs were removed (limits.keepRunsDays, keepRunsBytes, keepRunsCount)"
        )]
        public static partial void Removed(ILogger logger, int count);

        [LoggerMessage(
            LogEvents.RunRowsRemoved,
            LogLevel.Information,
            "The rows of {Count} runs that ended more than {Days} days ago were removed (limits.keepRowsDays)"
        )]
        public static partial void RowsRemoved(ILogger logger, int count, int days);

        [LoggerMessage(
            LogEvents.TimingMonthMoved,
            LogLevel.Information,
            "{Lines} lines of the time log moved to {File}, because their month is over (timing.rotate)"
        )]
        public static partial void MonthMoved(ILogger logger, int lines, string file);

        [LoggerMessage(LogEvents.TimingMonthsStay, LogLevel.Information, "Past months stay in the time log: {Why}")]
        public static partial void MonthsStay(ILogger logger, string why);

        [LoggerMessage(LogEvents.RunsNotRemoved, LogLevel.Warning, "Old runs could not be removed; retrying later: {Error}")]
        public static partial void Failed(ILogger logger, string error);
    }
}
