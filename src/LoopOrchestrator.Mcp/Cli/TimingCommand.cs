using System.CommandLine;
using System.Text.Json;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Cli.Reports;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Tools.Timing;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>timing</c>: where the time went.</summary>
internal static class TimingCommand
{
    private const int BarWidth = 30;

    public static Command Create() =>
        new("timing", "See where the time went (task_timing.tsv).")
        {
            List(),
            Stats(),
            TimingAuditCommand.Create(),
            TimingSessionsCommand.Create(),
            TimingExportCommand.Create(),
            TimingRotateCommand.Create(),
            TimingLogCommand.Create(),
            Reindex(),
        };

    /// <summary>Writes diagnostics to the error stream: the first ones, and how many more there are.</summary>
    public static async Task WriteDiagnosticsAsync(CommandSession session, TimingSummary summary)
    {
        foreach (var diagnostic in summary.Diagnostics)
        {
            await session.Error.WriteLineAsync(SafeText.Escape(diagnostic.ToString()));
        }

        if (summary.DiagnosticCount > summary.Diagnostics.Count)
        {
            await session.Error.WriteLineAsync(
                $"and {summary.DiagnosticCount - summary.Diagnostics.Count} more findings; --limit shows more"
            );
        }
    }

    private static Command List()
    {
        var filter = new TimingFilterOptions(1000);
        var command = new Command("list", "List the latest complete intervals, then the open ones, the oldest first.");
        filter.AddTo(command);
        return command.OnWorkspace(
            async (session, parsed, _) =>
            {
                var summary = session.Workspace.Timing.Summarize(filter.Read(parsed));
                if (filter.WantsJson(parsed))
                {
                    await session.Output.WriteLineAsync(
                        JsonSerializer.Serialize(TimingReportResult.From(summary), ReadableJson.Tools.TimingReportResult)
                    );
                    return ExitCode.Ok;
                }

                var report = summary.Report;
                var table = new TextTable(
                    session.Clock("STARTED"),
                    Column.Whole("TOOK"),
                    "MODE",
                    "PRIORITY",
                    Column.Ids("ID"),
                    "TASK",
                    "RESULT"
                );
                foreach (var entry in report.Complete.Concat(report.Open))
                {
                    table.Add(
                        session.Exact(entry.StartTime),
                        entry.DurationSeconds is { } seconds ? ReadableText.Duration(seconds) : "open",
                        ReadableText.Short(entry.Mode),
                        ReadableText.Short(entry.Priority),
                        ReadableText.Short(entry.TaskId),
                        ReadableText.Short(entry.Task),
                        ReadableText.Short(entry.Result)
                    );
                }

                if (table.Count > 0)
                {
                    table.Write(session.Output);
                }

                session.Output.WriteLine($"{report.Total.Count} complete intervals, {report.OpenCount} open");
                await WriteDiagnosticsAsync(session, summary);
                return ExitCode.Ok;
            }
        );
    }

    private static Command Stats()
    {
        var filter = new TimingFilterOptions(1000);
        var command = new Command("stats", "Sum up complete intervals by mode, priority, day and task.");
        filter.AddTo(command);
        return command.OnWorkspace(
            async (session, parsed, _) =>
            {
                var options = filter.Read(parsed);
                var summary = session.Workspace.Timing.Summarize(options);
                if (filter.WantsJson(parsed))
                {
                    await session.Output.WriteLineAsync(
                        JsonSerializer.Serialize(TimingReportResult.From(summary), ReadableJson.Tools.TimingReportResult)
                    );
                    return ExitCode.Ok;
                }

                var report = summary.Report;
                WriteTotals(session, "MODE", report.ByMode);
                WriteTotals(session, "PRIORITY", report.ByPriority);
                WriteTotals(session, "DAY (UTC)", report.ByDay);
                WriteTotals(session, "TASK", report.ByTask);
                session.Output.WriteWrapped(
                    $"{report.Total.Count} complete intervals, {ReadableText.Duration(report.Total.Seconds)} in all; "
                        + $"{report.OverLimitCount} longer than {ReadableText.Duration(options.LongerThanSeconds)}",
                    0
                );
                session.Output.WriteWrapped(TimingReportResult.NoteOn(summary), 0);
                await WriteDiagnosticsAsync(session, summary);
                return ExitCode.Ok;
            }
        );
    }

    private static Command Reindex() =>
        new Command(
            "reindex",
            "Make the index over task_timing.tsv and its months anew from the files. Needed only after an edit in the "
                + "middle that kept the file's length, which may go unnoticed."
        ).OnWorkspace(
            async (session, _, _) =>
            {
                var lines = await session.WhileAsync("Reading the time log", session.Workspace.Timing.Reindex);
                session.Output.WriteLine(
                    $"{lines} lines of {session.Workspace.Paths.Display(session.Workspace.Paths.Timing)} are in the index."
                );
                return ExitCode.Ok;
            }
        );

    private static void WriteTotals(CommandSession session, string heading, IReadOnlyList<TimingTotal> totals)
    {
        if (totals.Count == 0)
        {
            return;
        }

        var table = new TextTable(heading, Column.Whole("INTERVALS"), Column.Whole("TIME"), "");
        var longest = Math.Max(1, totals.Max(static total => total.Seconds));
        foreach (var total in totals)
        {
            table.Add(
                ReadableText.Short(total.Key),
                total.Count.ToString(),
                ReadableText.Duration(total.Seconds),
                new string('#', (int)Math.Ceiling((double)BarWidth * total.Seconds / longest))
            );
        }

        table.Write(session.Output);
        session.Output.WriteLine();
    }
}
