using System.Collections.Concurrent;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Scheduling;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Workspaces;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// Ends runs: first the state in the database, then the closing row and the memory entry. What could not be written stays owed
/// (finalization-pending) and is written by <see cref="ReplayAsync"/> later, here or in another process. Safe for many threads.
/// </summary>
public sealed partial class RunFinisher(
    WorkspacePaths paths,
    RunStore store,
    TimingLog timing,
    MemoryStore memory,
    ScheduleSource schedules,
    ILogger<RunFinisher> logger)
{
    private const int LongestExcerpt = 400;

    // What the memory takes at most, in characters of up to four bytes.
    private const int LongestFinding = 2000;

    /// <summary>The ends of runs that this process ends, told as soon as they are recorded.</summary>
    internal RunEndSignal Ended { get; } = new();

    // Ends of runs that this process took and could not start, while the database cannot be written either.
    private readonly ConcurrentDictionary<string, RunEnd> _unstarted = new(StringComparer.Ordinal);

    /// <summary>
    /// Ends a run and writes its row and its memory entry. False when it has ended already; what another who ended it has yet to write is
    /// written then too, so that the caller's answer does not come before the files tell of the end.
    /// </summary>
    public async Task<bool> EndAsync(string id, RunEnd end, CancellationToken cancellationToken = default)
    {
        var ended = await RecordEndAsync(id, end, cancellationToken);
        await SettleAsync(id, cancellationToken);
        return ended;
    }

    /// <summary>
    /// Records the end of a run, for which those wait who asked for it; what is owed for it is left to <see cref="ReplayAsync"/>. So of
    /// several that end together none waits for the files of the others. False when it has ended already.
    /// </summary>
    public async Task<bool> RecordEndAsync(string id, RunEnd end, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(end);

        // Whoever looks later only sees that nothing runs; why is known here.
        end = _unstarted.GetValueOrDefault(id, end);
        var hasEnded = await store.TryEndAsync(id, end, cancellationToken);
        _unstarted.TryRemove(id, out _);
        if (!hasEnded)
        {
            return false;
        }

        Ended.Set();
        if (await store.FindAsync(id, cancellationToken) is { } run)
        {
            var state = run.State.Name();
            Log.RunEnded(logger, run.Id, run.Mode, state, end.Reason);
        }

        return true;
    }

    /// <summary>Ends a run that this process took and could not start; when that cannot be written now, by <see cref="RetryAsync"/>.</summary>
    public async Task EndUnstartedAsync(string id, RunEnd end)
    {
        _unstarted[id] = end;
        if (!await RetryAsync())
        {
            Log.StillOwed(logger, "end", id, end.Reason);
        }
    }

    /// <summary>Ends the runs that could not be started and not be ended. False when that fails again.</summary>
    public async Task<bool> RetryAsync()
    {
        try
        {
            foreach (var (id, end) in _unstarted)
            {
                await EndAsync(id, end, CancellationToken.None);
            }

            return true;
        }
        catch (UserErrorException)
        {
            // A full disk, as a rule; what could not be written is still there for the next time.
            return false;
        }
    }

    /// <summary>Writes what is still owed for ended runs.</summary>
    public async Task ReplayAsync(CancellationToken cancellationToken = default)
    {
        foreach (var run in await store.PendingFinalizationAsync(cancellationToken))
        {
            await SettleAsync(run.Id, cancellationToken);
        }
    }

    private async Task SettleAsync(string id, CancellationToken cancellationToken)
    {
        // One at a time, over all processes, and on what is owed now: else the one that ended a run and one that replays would both write.
        using var turn = await TakeTurnAsync(id, cancellationToken);
        if (turn is null || await store.FindAsync(id, cancellationToken) is not { } run)
        {
            return;
        }

        var rowDone = !run.StopRowPending || await TryWriteAsync(run, "closing row", () => CloseRowAsync(run, cancellationToken));
        var memoryDone = !run.MemoryPending || await TryWriteAsync(run, "memory entry", () => RememberAsync(run, cancellationToken));
        if ((rowDone && run.StopRowPending) || (memoryDone && run.MemoryPending))
        {
            await store.SettleAsync(run.Id, rowDone, memoryDone, cancellationToken);
        }
    }

    private async Task<FileLock?> TakeTurnAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await FileLock.AcquireAsync(Path.Combine(paths.Locks, "finish.lock"), cancellationToken: cancellationToken);
        }
        catch (UserErrorException exception)
        {
            Log.StillOwed(logger, "end", id, exception.Message);
            return null;
        }
    }

    private async Task<bool> TryWriteAsync(Run run, string what, Func<Task> write)
    {
        try
        {
            await write();
            return true;
        }
        catch (UserErrorException exception)
        {
            Log.StillOwed(logger, what, run.Id, exception.Message);
            return false;
        }
    }

    private Task<bool> CloseRowAsync(Run run, CancellationToken cancellationToken) =>
        timing.CloseIfOpenAsync(run.Id, run.EndedAt!.Value, run.State == RunState.Succeeded ? "completed" : run.State.Name(), cancellationToken: cancellationToken);

    private async Task RememberAsync(Run run, CancellationToken cancellationToken)
    {
        // The moment of the end makes writing repeatable: a crash may come between the entry and the note that it is written.
        // What the memory would refuse for good must not be owed for ever.
        foreach (var finding in run.Findings.Where(static finding => !string.IsNullOrWhiteSpace(finding)).Select(static finding => finding.Length <= LongestFinding ? finding : string.Concat(finding.AsSpan(0, LongestFinding), "…")))
        {
            await memory.AppendAsync(new MemoryAppend(MemorySection.Updates, finding, "finding", run.Mode, FoundAt: run.EndedAt), cancellationToken);
        }

        // Without anything that differs from run to run, so that repeats are counted in one entry instead of filling the memory.
        if (run.State != RunState.Cancelled && run.Findings.Count == 0)
        {
            await memory.AppendAsync(new MemoryAppend(MemorySection.Updates, Describe(run), "run", run.Mode, FoundAt: run.EndedAt), cancellationToken);
        }
    }

    private string Describe(Run run)
    {
        var work = run.ScheduleId is { } id ? $"Schedule \"{schedules.Schedules.FirstOrDefault(schedule => schedule.Id == id)?.Name ?? id}\"" : $"Task \"{RunTitle.Of(run.Task)}\"";
        var text = $"{work} with agent {run.Agent}: {run.State.Name()}";
        if (run.State == RunState.Succeeded)
        {
            return run.ReportedOutcome is null ? $"{text}." : $"{text}. {Excerpt(run.Summary)}";
        }

        return $"{text}, {run.Reason}. {Excerpt(run.Summary)}".TrimEnd();
    }

    private static string Excerpt(string? text) =>
        text is null ? "" : text.Length <= LongestExcerpt ? text : string.Concat("… ", text.AsSpan(text.Length - LongestExcerpt));

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "RunEnded", Level = LogLevel.Information, Message = "{Run} ({Mode}) {State}: {Reason}")]
        public static partial void RunEnded(ILogger logger, string run, string mode, string state, string reason);

        [LoggerMessage(EventId = 2, EventName = "StillOwed", Level = LogLevel.Warning, Message = "The {What} of run {Run} could not be written and is kept as finalization-pending: {Error}")]
        public static partial void StillOwed(ILogger logger, string what, string run, string error);
    }
}
