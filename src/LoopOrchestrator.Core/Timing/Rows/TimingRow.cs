using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Timing.Rows;

/// <summary>The canonical form of a row: nine columns, tab-separated, control characters as pictures.</summary>
internal static class TimingRow
{
    /// <summary>The columns' names in their order.</summary>
    public const string Header = "timestamp\tmode\ttask_id\tstart_time\tend_time\tduration\ttask\tresult\tpriority";

    /// <summary>Writes an entry, without a line end.</summary>
    public static string Format(TimingEntry entry) =>
        string.Join(
            '\t',
            Moment(entry.Timestamp),
            ControlPictures.Encode(entry.Mode),
            ControlPictures.Encode(entry.TaskId),
            Moment(entry.StartTime),
            Moment(entry.EndTime),
            entry.DurationSeconds?.ToString() ?? "",
            ControlPictures.Encode(entry.Task),
            ControlPictures.Encode(entry.Result),
            ControlPictures.Encode(entry.Priority)
        );

    private static string Moment(DateTimeOffset? moment) => moment is { } value ? TimingTime.Format(value) : "";
}
