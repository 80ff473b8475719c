using System.Text;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rotation;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Tests.Timing.Rotation;

/// <summary>Time logs of several months, and what may be said of them before and after a rotation.</summary>
internal static class RotationSample
{
    /// <summary>In the middle of March.</summary>
    public static readonly DateTimeOffset Now = new(2026, 3, 15, 12, 0, 0, TimeSpan.Zero);

    public const string Header = TimingRow.Header + "\n";

    /// <summary>A start and its end.</summary>
    public static string Pair(string id, string day, int seconds = 60) => Start(id, day) + End(id, day, seconds);

    public static string Start(string id, string day) =>
        $"{day}T10:00:00.000Z\tcode\t{id}\t{day}T10:00:00.000Z\t\t\ttask of {id}\tstarted\tnormal\n";

    public static string End(string id, string day, int seconds = 60, string? written = null) =>
        $"{written ?? day}T10:01:00.000Z\tcode\t{id}\t{day}T10:00:00.000Z\t{written ?? day}T10:01:00.000Z\t{seconds}"
        + $"\ttask of {id}\tcompleted\tnormal\n";

    public static string Month(WorkspacePaths paths, string month) => Path.Combine(paths.TimingMonths, $"task_timing-{month}.tsv");

    public static string Read(string path) => Encoding.UTF8.GetString(File.ReadAllBytes(path));

    public static TimingRotation Rotator(WorkspacePaths paths, bool? rotate = null, TimeProvider? time = null, bool trusted = true) =>
        new(
            paths,
            new TimingSettings(rotate),
            new WorkspaceTrust(paths.Root, trusted ? "the test" : null, Path.Combine(paths.Root, "nobody")),
            time ?? new StillTime(Now)
        );

    /// <summary>All that a summary says, but for the numbers of lines and for headers, which each file has.</summary>
    public static string Said(WorkspacePaths paths) =>
        Said(TimingSummary.Create(TimingLogReader.Read(paths), new TimingReportOptions { Limit = 10_000 }));

    public static string Said(TimingSummary summary)
    {
        var report = summary.Report;
        object[] all =
        [
            report.Total,
            report.OpenCount,
            report.OverLimitCount,
            summary.Rows,
            summary.BlankLines,
            summary.RepairedRows,
            summary.NotUnderstood,
            summary.UnmatchedEnds,
            .. report.ByMode,
            .. report.ByPriority,
            .. report.ByDay,
            .. report.ByTask,
            .. report.Complete.Concat(report.OverLimit).Select(static entry => entry with { Line = 0 }),
            .. report.Open.Select(static entry => (entry with { Line = 0 }).ToString()).Order(StringComparer.Ordinal),
        ];
        return string.Join('\n', all);
    }

    internal sealed class StillTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
