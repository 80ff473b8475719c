using System.CommandLine;
using LoopOrchestrator.Core.Findings;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>timing</c>: where the time went.</summary>
internal static class TimingCommand
{
    public static Command Create() => new("timing", "See where the time went (task_timing.tsv).") { List(), Stats() };

    private static Command List()
    {
        var limit = WorkspaceCommand.Number("--limit", "N", "How many at the most.", 1, 1000, 20);
        return new Command("list", "List the latest intervals, then the open ones.") { limit }
            .OnWorkspace(async (session, parsed, _) =>
            {
                var reading = TimingLogReader.Read(session.Workspace.Paths);
                var report = TimingReport.Create(reading, new TimingReportOptions { Limit = parsed.GetValue(limit) });
                var table = new TextTable("STARTED", "TOOK", "MODE", "PRIORITY", "TASK", "RESULT");
                foreach (var entry in report.Complete.Concat(report.Open))
                {
                    table.Add(
                        ReadableText.Moment(entry.StartTime, session.Workspace.Time.LocalTimeZone),
                        entry.DurationSeconds is { } seconds ? ReadableText.Duration(seconds) : "open",
                        entry.Mode,
                        entry.Priority,
                        ReadableText.Short(entry.Task),
                        ReadableText.Short(entry.Result));
                }

                if (table.Count > 0)
                {
                    table.Write(session.Output);
                }

                session.Output.WriteLine($"{report.Total.Count} complete intervals, {report.OpenCount} open");
                await TellFindingsAsync(session, reading.Findings);
                return ExitCode.Ok;
            });
    }

    private static Command Stats() =>
        new Command("stats", "Sum up complete intervals by mode, priority and day.").OnWorkspace(async (session, _, _) =>
        {
            var reading = session.Workspace.Timing.Summarize();
            var report = reading.Report;
            Write("MODE", report.ByMode);
            Write("PRIORITY", report.ByPriority);
            Write("DAY (UTC)", report.ByDay);
            session.Output.WriteLine($"{report.Total.Count} complete intervals, {ReadableText.Duration(report.Total.Seconds)} in all; {report.OpenCount} open, {report.OverLimitCount} longer than an hour");
            await TellFindingsAsync(session, reading.Findings);
            return ExitCode.Ok;

            void Write(string heading, IReadOnlyList<TimingTotal> totals)
            {
                if (totals.Count == 0)
                {
                    return;
                }

                var table = new TextTable(heading, "INTERVALS", "TIME");
                foreach (var total in totals)
                {
                    table.Add(total.Key, total.Count.ToString(), ReadableText.Duration(total.Seconds));
                }

                table.Write(session.Output);
                session.Output.WriteLine();
            }
        });

    private static async Task TellFindingsAsync(CommandSession session, IReadOnlyList<Finding> findings)
    {
        const int Most = 20;
        foreach (var finding in findings.Take(Most))
        {
            await session.Error.WriteLineAsync(SafeText.Escape(finding.ToString()));
        }

        if (findings.Count > Most)
        {
            await session.Error.WriteLineAsync($"and {findings.Count - Most} more findings");
        }
    }
}
