using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Core.Timing.Indexing;
using LoopOrchestrator.Core.Timing.Months;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Timing;

/// <summary>
/// Writes <c>task_timing.tsv</c>. Rows are only ever appended; a call that returns has its row on disk. Safe for use by many threads
/// and many processes: whether an id is open is decided under the file's lock. Have one instance per workspace and process.
/// In a long file both this and reports go by an index that is derived from the file, so that they take no longer than in a short one.
/// </summary>
public sealed class TimingLog : IDisposable
{
    private const string DefaultResult = "completed";
    private const int MaxIdsNamed = 10;
    private const int MaxIdLength = 200;

    private readonly WorkspacePaths _paths;
    private readonly TimeProvider _time;
    private readonly BegunHere _begun;
    private readonly AppendFile _file;
    private readonly OpenIntervals _open;
    private readonly TimingIndex _index;

    /// <summary>Prepares the log; nothing is opened or created yet.</summary>
    /// <param name="paths">The workspace.</param>
    /// <param name="time">The clock for rows that name no moment.</param>
    /// <param name="store">Keeps the index; disposed of with the log.</param>
    /// <param name="limits">From which sizes on it is used.</param>
    internal TimingLog(WorkspacePaths paths, TimeProvider time, ITimingIndexStore store, TimingIndexLimits limits)
    {
        ArgumentNullException.ThrowIfNull(paths);
        _paths = paths;
        _time = time;
        _begun = new BegunHere(time);
        _index = new TimingIndex(paths, store, limits);
        _open = new OpenIntervals(paths.Timing, _index);
        _file = new AppendFile(
            new SharedPath(paths, paths.Timing, FileSizes.TimingInUtf16),
            LockPath(paths),
            () =>
            {
                StateFolder.Ensure(paths);
                WorkspaceBounds.Check(paths, paths.Timing);
                _open.Prepare();
            },
            _open.TakeWritten
        )
        {
            OnLocked = () => EndRotation(paths),
        };
    }

    internal OpenIntervals Open => _open;

    /// <summary>Sums up the log. Nothing is written but the index, and that only where a state folder is.</summary>
    /// <param name="options">What to look at; everything when <see langword="null"/>.</param>
    /// <exception cref="UserErrorException">The options are not allowed, or the file cannot be read.</exception>
    public TimingSummary Summarize(TimingReportOptions? options = null) => _index.Summarize(options ?? new TimingReportOptions());

    /// <summary>
    /// Fills the index anew from the file: after an edit in the middle of a long file that did not change its length, which may go
    /// unnoticed.
    /// </summary>
    /// <returns>How many lines were read.</returns>
    /// <exception cref="UserErrorException">The file cannot be read, or the index cannot be written.</exception>
    public int Reindex()
    {
        try
        {
            return _index.Rebuild();
        }
        catch (Exception exception) when (exception is IndexUnavailableException or IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{exception.Message} Reports are made from the file meanwhile.", exception);
        }
    }

    /// <summary>Waits until the index is not being written and lets go of it.</summary>
    public void Dispose()
    {
        _open.Advancing.Wait();
        _index.Dispose();
    }

    /// <summary>
    /// Writes what a caller asks for. With a request id it is written once, however often it is asked for: a row of a try that was cut off
    /// is known again by its moment and its id.
    /// </summary>
    /// <param name="call">What is to be written.</param>
    /// <param name="requests">The calls with a request id.</param>
    /// <param name="requestId">The request id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The row, and to every further asker the same.</returns>
    /// <exception cref="UserErrorException">
    /// Something is missing or not allowed, the row could not be written, or the request id stands for another call.
    /// </exception>
    public Task<TimingEntry> LogAsync(
        TimingCall call,
        RequestService requests,
        string? requestId,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(requests);
        return requests.OnceAsync(
            call.Key(requestId),
            (turn, token) =>
            {
                var asked = call with { TaskId = call.TaskId ?? turn.Note };
                return turn is { IsAgain: true, AskedAt: { } at } && WrittenRow.Find(_paths, at, asked.IsWrittenAs) is { } written
                    ? Task.FromResult(written)
                    : asked.WriteAsync(this, turn.AskedAt, token);
            },
            TimingJson.Default.TimingEntry,
            () => call.LacksId ? CheckId(null) : null,
            cancellationToken
        );
    }

    /// <summary>Opens an interval now.</summary>
    /// <exception cref="UserErrorException">A value is not allowed, the id is open already, or the row could not be written.</exception>
    public Task<TimingEntry> StartAsync(TimingStart start, CancellationToken cancellationToken = default) =>
        StartAtAsync(start, _time.GetUtcNow(), cancellationToken);

    /// <summary>Opens an interval at a moment that the caller names.</summary>
    /// <inheritdoc cref="StartAsync"/>
    public Task<TimingEntry> StartAtAsync(TimingStart start, DateTimeOffset startTime, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        var entry = Started(start, startTime);
        return AppendAsync(
            () =>
            {
                RefuseOpen(entry.TaskId);
                _begun.Remember(entry.TaskId, entry.StartTime!.Value);
                return entry;
            },
            cancellationToken
        );
    }

    /// <summary>Makes sure that an interval is open, so that work that goes on under its id is a part of it.</summary>
    /// <returns>Whether the row was written now; it was not when a start with this id is open.</returns>
    /// <exception cref="UserErrorException">A value is not allowed, or the row could not be written.</exception>
    public Task<bool> StartIfClosedAsync(TimingStart start, DateTimeOffset startTime, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        var entry = Started(start, startTime);
        return _file.AppendAsync(
            context =>
            {
                _open.Refresh(context);
                if (_open.Find(entry.TaskId) is not null)
                {
                    return new Appended<bool>("", false);
                }

                _begun.Remember(entry.TaskId, entry.StartTime!.Value);
                return new Appended<bool>(FormatAndStage(context, entry), true);
            },
            cancellationToken
        );
    }

    /// <summary>
    /// Closes an open interval now. A wall clock that was set meanwhile changes nothing, where this process opened it; else the duration
    /// is 0 when the clock has gone back since its start.
    /// </summary>
    /// <returns>The closing row.</returns>
    /// <exception cref="UserErrorException">
    /// No open interval fits or several do (the message names the open ids), or the row could not be written.
    /// </exception>
    public Task<TimingEntry> StopAsync(TimingStop stop, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stop);
        var end = stop.AskedAt ?? Now();
        return AppendAsync(
            () =>
            {
                var start = Choose(stop);
                return Close(start, _begun.End(start, end), stop.Result, duration: null, stop.AskedAt);
            },
            cancellationToken
        );
    }

    /// <summary>Closes an open interval at a moment that the caller names; one before its start is refused.</summary>
    /// <inheritdoc cref="StopAsync"/>
    public Task<TimingEntry> StopAtAsync(TimingStop stop, DateTimeOffset endTime, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stop);
        return AppendAsync(
            () =>
            {
                var start = Choose(stop);
                CheckOrder(start.StartTime ?? endTime, endTime);
                return Close(start, endTime, stop.Result, duration: null, stop.AskedAt);
            },
            cancellationToken
        );
    }

    /// <summary>Records a whole interval in one row.</summary>
    /// <exception cref="UserErrorException">
    /// A value is not allowed, the end is before the start, the id is open, or the row could not be written.
    /// </exception>
    public Task<TimingEntry> RecordAsync(TimingRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        CheckOrder(record.StartTime, record.EndTime);
        var id = CheckId(record.TaskId);
        var entry = new TimingEntry(
            TimingEntryKind.Interval,
            0,
            record.AskedAt ?? Now(),
            CheckMode(record.Mode),
            id,
            TimingTime.Truncate(record.StartTime),
            TimingTime.Truncate(record.EndTime),
            TimingTime.SecondsBetween(record.StartTime, record.EndTime),
            CheckTask(record.Task),
            ResultOrDefault(record.Result),
            CheckPriority(record.Priority)
        );
        return AppendAsync(
            () =>
            {
                RefuseOpen(id);
                return entry;
            },
            cancellationToken
        );
    }

    /// <summary>
    /// Makes sure that an interval is closed, so that a stop row can be written again after a crash without asking whether it was.
    /// </summary>
    /// <param name="taskId">The interval's id.</param>
    /// <param name="endTime">When the work ended; by the wall clock when that is just now.</param>
    /// <param name="result">What came of it.</param>
    /// <param name="duration">
    /// How long it took, where the caller measured it; else from start to end, as with <see cref="StopAsync"/>.
    /// </param>
    /// <param name="cancellationToken">Stops waiting; the row may still be written.</param>
    /// <returns><see langword="true"/> when the row was written now; <see langword="false"/> when no start with this id is open.</returns>
    /// <exception cref="UserErrorException">The row could not be written.</exception>
    public Task<bool> CloseIfOpenAsync(
        string taskId,
        DateTimeOffset endTime,
        string result,
        TimeSpan? duration = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(taskId);
        return _file.AppendAsync(
            context =>
            {
                _open.Refresh(context);
                if (_open.Find(taskId) is not { } start)
                {
                    return new Appended<bool>("", false);
                }

                var end = duration is null ? _begun.End(start, endTime) : endTime;
                return new Appended<bool>(FormatAndStage(context, Close(start, end, result, duration)), true);
            },
            cancellationToken
        );
    }

    /// <summary>Whether an interval with this id is open in the file as it stands now.</summary>
    /// <exception cref="UserErrorException">The file could not be read.</exception>
    public async Task<bool> IsOpenAsync(string taskId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(taskId);

        // Under the lock, for a row that another process writes just now counts when it is whole; but a question makes no file.
        return !IsMissing(_paths.Timing)
            && await _file.AppendAsync(
                context =>
                {
                    _open.Refresh(context);
                    return new Appended<bool>("", _open.Find(taskId) is not null);
                },
                cancellationToken
            );
    }

    /// <summary>The lock file that all processes use for the log.</summary>
    internal static string LockPath(WorkspacePaths paths) => Path.Combine(paths.Locks, Path.GetFileName(paths.Timing) + ".lock");

    // Certainly not there: one that cannot be looked at is for the writer to say what is wrong with.
    private static bool IsMissing(string path)
    {
        try
        {
            _ = File.GetAttributes(path);
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception is FileNotFoundException or DirectoryNotFoundException;
        }
    }

    private static void EndRotation(WorkspacePaths paths)
    {
        try
        {
            RotationRecovery.Finish(paths);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // No reason to lose a row: until the next rotation tells of it, readers go by the note.
        }
    }

    private Task<TimingEntry> AppendAsync(Func<TimingEntry> compose, CancellationToken cancellationToken) =>
        _file.AppendAsync(
            context =>
            {
                _open.Refresh(context);
                var entry = compose();
                return new Appended<TimingEntry>(FormatAndStage(context, entry), entry);
            },
            cancellationToken
        );

    private TimingEntry Started(TimingStart start, DateTimeOffset startTime) =>
        new(
            TimingEntryKind.Start,
            0,
            start.AskedAt ?? Now(),
            CheckMode(start.Mode),
            CheckId(start.TaskId),
            TimingTime.Truncate(startTime),
            null,
            null,
            CheckTask(start.Task),
            "started",
            CheckPriority(start.Priority)
        );

    private string FormatAndStage(AppendContext context, TimingEntry entry)
    {
        var text = (context.IsEmpty ? TimingRow.Header + context.LineEnd : "") + TimingRow.Format(entry) + context.LineEnd;
        _open.Stage(entry, text);
        return text;
    }

    private TimingEntry Choose(TimingStop stop)
    {
        if (stop.TaskId is { } id)
        {
            return _open.Find(id)
                ?? throw new UserErrorException($"No interval with the id \"{id}\" is open; nothing was recorded. {OpenIds()}");
        }

        if (string.IsNullOrEmpty(stop.Task) && string.IsNullOrEmpty(stop.Mode))
        {
            throw new UserErrorException($"Say which interval to stop, best by its task_id. {OpenIds()}");
        }

        var (fitting, count) = _open.Fitting(NullIfEmpty(stop.Task), NullIfEmpty(stop.Mode), MaxIdsNamed);
        return count switch
        {
            1 => fitting[0],
            0 => throw new UserErrorException($"No open interval has this task and mode; nothing was recorded. {OpenIds()}"),
            _ => throw new UserErrorException(
                $"{count} open intervals have this task and mode; nothing was recorded. Name one by its task_id. {OpenIds(fitting, count)}"
            ),
        };
    }

    private TimingEntry Close(TimingEntry start, DateTimeOffset end, string? result, TimeSpan? duration, DateTimeOffset? askedAt = null) =>
        start with
        {
            Kind = TimingEntryKind.Close,
            Line = 0,
            Timestamp = askedAt ?? Now(),
            EndTime = TimingTime.Truncate(end),
            DurationSeconds = duration is { } measured
                ? TimingTime.ToSeconds(measured)
                : TimingTime.SecondsBetween(start.StartTime ?? end, end),
            Result = ResultOrDefault(result),
            Priority = start.Priority.Length > 0 ? start.Priority : TimingPriority.Normal,
        };

    private void RefuseOpen(string id)
    {
        if (_open.Find(id) is { } open)
        {
            throw new UserErrorException(
                $"The id \"{id}\" is open since "
                    + $"{(open.StartTime is { } since ? TimingTime.Format(since) : "an unknown time")}; nothing was "
                    + "recorded. Stop it first, or use another task_id."
            );
        }
    }

    private string OpenIds()
    {
        var (latest, count) = _open.Fitting(null, null, MaxIdsNamed);
        return OpenIds(latest, count);
    }

    private static string OpenIds(IReadOnlyList<TimingEntry> latest, int count) =>
        count == 0
            ? "No interval is open."
            : $"Open: {string.Join(", ", latest.Select(start => start.TaskId))}"
                + $"{(count > latest.Count ? $" and {count - latest.Count} older ones" : "")}.";

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private DateTimeOffset Now() => TimingTime.Truncate(_time.GetUtcNow());

    private static string ResultOrDefault(string? result) => string.IsNullOrWhiteSpace(result) ? DefaultResult : result;

    private static string CheckId(string? id)
    {
        if (id is null)
        {
            // An id and no secret: the system is not asked for its randomness at every row.
            return Random.Shared.GetHexString(8, lowercase: true);
        }

        return !string.IsNullOrWhiteSpace(id) && id.Length <= MaxIdLength
            ? id
            : throw new UserErrorException($"task_id must have 1 to {MaxIdLength} characters; leave it out to get one made up.");
    }

    private static string CheckTask(string task) =>
        !string.IsNullOrWhiteSpace(task)
            ? task
            : throw new UserErrorException("task is empty: say in a few words what the time is spent on.");

    private static string CheckMode(string mode) =>
        Slug.IsValid(mode)
            ? mode
            : throw new UserErrorException($"mode \"{mode}\" is no slug: use letters, digits and hyphens, as in implementation-core.");

    private static string CheckPriority(string priority) =>
        TimingPriority.IsKnown(priority)
            ? priority
            : throw new UserErrorException($"priority \"{priority}\" is unknown: use schedule, todo or normal.");

    private static void CheckOrder(DateTimeOffset start, DateTimeOffset end)
    {
        if (end < start)
        {
            throw new UserErrorException(
                $"end_time {TimingTime.Format(end)} is before start_time {TimingTime.Format(start)}; nothing was recorded."
            );
        }
    }
}
