using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Status;

/// <summary>Compares the time log with the limits that hold. It reads only.</summary>
public sealed class TimingAuditReader
{
    /// <summary>The limit of work that has no other, in seconds.</summary>
    public const long UsualLimit = 3600;

    private readonly TimingLog _timing;
    private readonly ScheduleSource _schedules;
    private readonly IRunStore _store;
    private readonly RunLimits _limits;
    private readonly TimeProvider _time;

    internal TimingAuditReader(TimingLog timing, ScheduleSource schedules, IRunStore store, RunLimits limits, TimeProvider time)
    {
        _timing = timing;
        _schedules = schedules;
        _store = store;
        _limits = limits;
        _time = time;
    }

    /// <summary>Reads it now.</summary>
    /// <param name="most">How many of each kind are listed at the most; at least 1.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="UserErrorException">The log cannot be read.</exception>
    public async Task<TimingAudit> ReadAsync(int most, CancellationToken cancellationToken = default)
    {
        var summary = _timing.Summarize(new TimingReportOptions { LongerThanSeconds = UsualLimit, Limit = most });
        var over = new List<TimingAuditEntry>();
        foreach (var entry in summary.Report.OverLimit)
        {
            over.Add(Entry(entry, entry.DurationSeconds ?? 0, await FindAsync(entry, cancellationToken)));
        }

        var known = over.Select(static entry => entry.TaskId).ToHashSet(StringComparer.Ordinal);
        foreach (var run in (await _store.PastLimitAsync(most, cancellationToken)).Where(run => !known.Contains(run.Id)))
        {
            over.Add(Entry(run));
        }

        var now = _time.GetUtcNow();
        var open = new List<TimingAuditEntry>();
        foreach (var entry in summary.Report.Open)
        {
            var lasted = Entry(
                entry,
                entry.StartTime is { } start ? (long)(now - start).TotalSeconds : 0,
                await FindAsync(entry, cancellationToken)
            );
            if (lasted.Seconds > lasted.LimitSeconds)
            {
                open.Add(lasted);
            }
        }

        return new TimingAudit(
            [.. over.OrderByDescending(static entry => entry.Seconds).Take(most)],
            summary.Report.OverLimitCount,
            open,
            summary
        );
    }

    // Rows of others may have an id of any length and kind; a run's is short.
    private async Task<Run?> FindAsync(TimingEntry entry, CancellationToken cancellationToken) =>
        entry.TaskId.Length is 0 or > 100 ? null : await _store.FindAsync(entry.TaskId, cancellationToken);

    private TimingAuditEntry Entry(TimingEntry entry, long seconds, Run? run)
    {
        var limit = run?.TimeoutSeconds ?? UsualLimit;
        return new TimingAuditEntry(
            entry.TaskId,
            entry.Mode,
            entry.Priority,
            entry.Task,
            entry.StartTime,
            seconds,
            limit,
            IsAllowed: seconds <= limit,
            run is null ? "the usual limit; it is no run of this workspace, so no setting of ours ended it" : Setting(run)
        );
    }

    private TimingAuditEntry Entry(Run run) =>
        new(
            run.Id,
            run.Mode,
            run.Priority.Name(),
            RunTitle.Of(run.Task),
            run.StartedAt,
            (long)(run.EndedAt!.Value - run.StartedAt!.Value).TotalSeconds,
            run.TimeoutSeconds,
            IsAllowed: false,
            Setting(run)
        );

    private string Setting(Run run)
    {
        var schedule = run.ScheduleId is { } id ? _schedules.Schedules.FirstOrDefault(schedule => schedule.Id == id) : null;
        if (schedule?.Timeout is { } timeout && (int)timeout.TotalSeconds == run.TimeoutSeconds)
        {
            return $"timeoutSeconds {run.TimeoutSeconds} of schedule {schedule.Id}";
        }

        if (run.TimeoutSeconds == _limits.TimeoutSeconds)
        {
            return $"limits.timeoutSeconds {run.TimeoutSeconds} (mcp_startup.json, or the default)";
        }

        return run.ParentRunId is { } parent
            ? $"timeout_seconds {run.TimeoutSeconds} of the run itself, at most half of what its parent {parent} had left"
            : $"timeout_seconds {run.TimeoutSeconds} of the run itself";
    }
}
