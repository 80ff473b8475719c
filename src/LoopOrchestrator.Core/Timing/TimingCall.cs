using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Timing;

/// <summary>What is to be written to the time log, as callers say it.</summary>
/// <param name="Action"><c>start</c>, <c>stop</c> or <c>record</c>.</param>
public sealed record TimingCall(string Action)
{
    private const string Start = "start";
    private const string Stop = "stop";
    private const string Record = "record";

    /// <summary>What is worked on; needed for start and record.</summary>
    public string? Task { get; init; }

    /// <summary>The mode's slug; needed for start and record.</summary>
    public string? Mode { get; init; }

    /// <summary>The interval's id; made up for start and record when not given.</summary>
    public string? TaskId { get; init; }

    /// <summary>One of <see cref="TimingPriority"/>.</summary>
    public string Priority { get; init; } = TimingPriority.Normal;

    /// <summary>What came of it.</summary>
    public string? Result { get; init; }

    /// <summary>When it began; needed for record, now for a start when not given.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When it ended; needed for record, now for a stop when not given.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>The key of the call.</summary>
    internal RequestKey? Key(string? requestId) =>
        RequestKey.Of(
            "log_timing",
            requestId,
            ("action", Action),
            ("task", Task),
            ("mode", Mode),
            ("task_id", TaskId),
            ("priority", Priority),
            ("result", Result),
            ("start_time", StartTime),
            ("end_time", EndTime)
        );

    /// <summary>Whether the row of the call has an id that is made up.</summary>
    internal bool LacksId => TaskId is null && Action is Start or Record;

    /// <summary>Whether a row that was written at the moment of this call is the one that it writes.</summary>
    internal bool IsWrittenAs(TimingEntry row) =>
        Action switch
        {
            Start => row.TaskId == TaskId && row.EndTime is null,
            Record => row.TaskId == TaskId && row.EndTime == Truncated(EndTime),
            _ => row.EndTime is not null
                && (string.IsNullOrEmpty(TaskId) ? Fits(Task, row.Task) && Fits(Mode, row.Mode) : row.TaskId == TaskId),
        };

    // Clients send an empty text for what they leave out.
    private static bool Fits(string? wanted, string? actual) => string.IsNullOrEmpty(wanted) || wanted == actual;

    /// <summary>Writes it.</summary>
    /// <param name="log">The log.</param>
    /// <param name="askedAt">When it was asked for; now when not given.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="UserErrorException">Something is missing or not allowed, or the row could not be written.</exception>
    internal Task<TimingEntry> WriteAsync(TimingLog log, DateTimeOffset? askedAt, CancellationToken cancellationToken)
    {
        switch (Action)
        {
            case Start:
                var start = new TimingStart(Need(Task, "task"), Need(Mode, "mode"), TaskId, Priority) { AskedAt = askedAt };
                return (StartTime ?? askedAt) is { } began
                    ? log.StartAtAsync(start, began, cancellationToken)
                    : log.StartAsync(start, cancellationToken);
            case Stop:
                var stop = new TimingStop(TaskId, Task, Mode, Result) { AskedAt = askedAt };
                return EndTime is { } ended ? log.StopAtAsync(stop, ended, cancellationToken) : log.StopAsync(stop, cancellationToken);
            case Record:
                return log.RecordAsync(
                    new TimingRecord(
                        Need(Task, "task"),
                        Need(Mode, "mode"),
                        StartTime ?? throw Missing("start_time"),
                        EndTime ?? throw Missing("end_time"),
                        TaskId,
                        Priority,
                        Result
                    )
                    {
                        AskedAt = askedAt,
                    },
                    cancellationToken
                );
            default:
                throw new UserErrorException($"action is '{Action}' and must be start, stop or record.");
        }
    }

    private static DateTimeOffset? Truncated(DateTimeOffset? moment) => moment is { } value ? TimingTime.Truncate(value) : null;

    private string Need(string? value, string name) => string.IsNullOrWhiteSpace(value) ? throw Missing(name) : value;

    private UserErrorException Missing(string name) => new($"log_timing with action '{Action}' needs '{name}'. Nothing was written.");
}
