using System.Collections.Concurrent;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Runs.Traces;
using LoopOrchestrator.Core.Telemetry;
using LoopOrchestrator.Core.Timing;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// Ends attempts of runs: first the state in the database, then the closing row and the memory entry. What could not be written stays owed
/// (finalization-pending) and is written by <see cref="ReplayAsync"/> later, here or in another process. Safe for many threads.
/// </summary>
internal sealed partial class RunFinisher(
    WorkspacePaths paths,
    IRunStore store,
    RunEndPolicy policy,
    TimingLog timing,
    RunMemory memory,
    EscalationMemory escalations,
    ILogger<RunFinisher> logger
)
{
    /// <summary>The ends of runs that this process ends, told as soon as they are recorded.</summary>
    internal RunEndSignal Ended { get; } = new();

    // Ends of runs that this process took and could not start, while the database cannot be written either.
    private readonly ConcurrentDictionary<string, RunEnd> _unstarted = new(StringComparer.Ordinal);

    /// <summary>
    /// Ends an attempt, and the run with it or it goes back to the queue; then writes the row and the memory entry that are owed. False
    /// when
    /// it has ended already; what another who ended it has yet to write is written then too, so that the caller's answer does not come
    /// before the files tell of the end.
    /// </summary>
    public async Task<bool> EndAsync(string id, RunEnd end, CancellationToken cancellationToken = default)
    {
        var ended = await RecordEndAsync(id, end, cancellationToken);
        await WriteOwedFilesAsync(id, cancellationToken);
        return ended is not null;
    }

    /// <summary>
    /// Records the end of an attempt, for which those wait who asked for the run; what is owed for it is left to <see cref="ReplayAsync"/>.
    /// So of
    /// several that end together none waits for the files of the others. <see langword="null"/> when it has ended already.
    /// </summary>
    public async Task<RunEnded?> RecordEndAsync(string id, RunEnd end, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(end);

        // Whoever looks later only sees that nothing runs; why is known here.
        end = _unstarted.TryGetValue(id, out var unstarted) && (end.Attempt is null || end.Attempt == unstarted.Attempt) ? unstarted : end;
        var ended = await store.EndAttemptAsync(id, end, policy, cancellationToken);
        _unstarted.TryRemove(id, out _);
        if (ended is null)
        {
            return null;
        }

        RemoveHome(ended.Run, end);
        Ended.Set(id);
        var state = ended.Run.State.Name();
        if (ended.Run is { StartedAt: { } started, EndedAt: { } over } && ended.Run.State.HasEnded())
        {
            LoopMetrics.RunDuration.Record(
                (over - started).TotalSeconds,
                new KeyValuePair<string, object?>(LoopMetrics.Mode, ended.Run.Mode),
                new KeyValuePair<string, object?>(LoopMetrics.Outcome, state)
            );
        }

        await RecordTraceAsync(ended.Run);
        Log.RunEnded(logger, ended.Run.Id, ended.Run.Mode, state, ended.Run.Reason ?? end.Reason);
        if (ended.EscalationId is { } escalation)
        {
            Log.Escalated(logger, escalation, id);
        }

        return ended;
    }

    // A run that asks goes on when it is answered. The end is recorded, and whoever waits for it is not to hear of trouble with what only
    // tells of it.
    private async Task RecordTraceAsync(Run run)
    {
        if (!RunTraces.IsWanted || run.ParentRunId is not null || !run.State.HasEnded() || run.State == RunState.NeedsInput)
        {
            return;
        }

        try
        {
            RunTraces.Record(run, await store.SubRunsAsync(run.Id, CancellationToken.None));
        }
        catch (UserErrorException exception)
        {
            Log.NotTraced(logger, run.Id, exception.Message);
        }
    }

    /// <summary>
    /// Ends a run that this process took and could not start; when that cannot be written now, by <see cref="RetryAsync"/>.
    /// </summary>
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

    /// <summary>
    /// Writes what is still owed for ended attempts, and for escalations; for all of them together, so that many cost little more than one.
    /// </summary>
    public async Task ReplayAsync(CancellationToken cancellationToken = default)
    {
        if ((await store.PendingFinalizationAsync(cancellationToken)).Count > 0)
        {
            await WriteOwedFilesAsync(store.PendingFinalizationAsync, "all", cancellationToken);
        }

        await RememberEscalationsAsync(cancellationToken);
    }

    /// <summary>Writes what is still owed for a run and for escalations.</summary>
    public async Task WriteOwedFilesAsync(string id, CancellationToken cancellationToken = default)
    {
        await WriteOwedFilesAsync(async token => await store.FindAsync(id, token) is { } run ? [run] : [], id, cancellationToken);
        await RememberEscalationsAsync(cancellationToken);
    }

    // Not owed: what stays because it cannot be removed now goes with the folder of the run.
    private void RemoveHome(Run run, RunEnd end)
    {
        if (run.AgentKind != AgentKind.Cli)
        {
            return;
        }

        try
        {
            RunFolder.Of(paths.Run(run.Id), end.Attempt ?? run.Attempt).RemoveHome();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Nobody waits for it.
        }
    }

    private async Task WriteOwedFilesAsync(
        Func<CancellationToken, Task<IReadOnlyList<Run>>> find,
        string what,
        CancellationToken cancellationToken
    )
    {
        // One at a time, over all processes, and on what is owed now: else the one that ended a run and one that replays would both write.
        using var turn = await TakeTurnAsync(what, cancellationToken);
        if (turn is null)
        {
            return;
        }

        var owed = (await find(cancellationToken)).Where(static run => run.StopRowPending || run.MemoryPending).ToList();
        var rows = await Task.WhenAll(
            owed.Where(static run => run.StopRowPending)
                .Select(async run => (run.Id, Done: await TryWriteAsync(run, "closing row", () => CloseRowAsync(run, cancellationToken))))
        );
        var memories = await RememberAsync([.. owed.Where(static run => run.MemoryPending)], cancellationToken);
        var settled = owed.ConvertAll(run => (run.Id, Row: rows.Contains((run.Id, true)), Memory: memories.Contains(run.Id)));
        if (settled.Exists(static one => one.Row || one.Memory))
        {
            await store.ClearPendingAsync(settled, cancellationToken);
        }
    }

    // In one change of the memory; where that is refused, one run after the other, so that what can be written is.
    private async Task<IReadOnlySet<string>> RememberAsync(IReadOnlyList<Run> runs, CancellationToken cancellationToken)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            if (runs.Count > 1)
            {
                await memory.WriteAsync(runs, cancellationToken);
                done.UnionWith(runs.Select(static run => run.Id));
                return done;
            }
        }
        catch (UserErrorException)
        {
            // Which of them it is, and why, is told below.
        }

        foreach (var run in runs)
        {
            if (await TryWriteAsync(run, "memory entry", () => memory.WriteAsync(run, cancellationToken)))
            {
                done.Add(run.Id);
            }
        }

        return done;
    }

    private async Task RememberEscalationsAsync(CancellationToken cancellationToken)
    {
        if (!await escalations.IsOwedAsync(cancellationToken))
        {
            return;
        }

        using var turn = await TakeTurnAsync("escalated", cancellationToken);
        if (turn is not null)
        {
            await escalations.WriteOwedAsync(cancellationToken);
        }
    }

    private async Task<FileLock?> TakeTurnAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await FileLock.AcquireAsync(paths.FinishLock, cancellationToken: cancellationToken);
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

    // Of a run that is queued again, or going on again, the attempt before is what has ended.
    private async Task<bool> CloseRowAsync(Run run, CancellationToken cancellationToken)
    {
        var (end, state) = (run.EndedAt, run.State);
        if (!state.HasEnded())
        {
            var last = (await store.AttemptsAsync(run.Id, cancellationToken)).LastOrDefault(static attempt => attempt.EndedAt is not null);
            (end, state) = (last?.EndedAt, last?.Outcome ?? RunState.Interrupted);
        }

        return end is not null
            && await timing.CloseIfOpenAsync(
                run.Id,
                end.Value,
                state == RunState.Succeeded ? "completed" : state.Name(),
                cancellationToken: cancellationToken
            );
    }

    private static partial class Log
    {
        [LoggerMessage(LogEvents.RunNotTraced, LogLevel.Warning, "The trace of {Run} was not told: {Reason}")]
        public static partial void NotTraced(ILogger logger, string run, string reason);

        [LoggerMessage(LogEvents.RunEnded, LogLevel.Information, "{Run} ({Mode}) {State}: {Reason}")]
        public static partial void RunEnded(ILogger logger, string run, string mode, string state, string reason);

        [LoggerMessage(
            LogEvents.Escalated,
            LogLevel.Error,
            "Escalation {Escalation}: run {Run} reached the limit of consecutive failures; its step stops until the escalation is resolved"
        )]
        public static partial void Escalated(ILogger logger, long escalation, string run);

        [LoggerMessage(
            LogEvents.RunRecordPending,
            LogLevel.Warning,
            "The {What} of run {Run} could not be written and is kept as finalization-pending: {Error}"
        )]
        public static partial void StillOwed(ILogger logger, string what, string run, string error);
    }
}
