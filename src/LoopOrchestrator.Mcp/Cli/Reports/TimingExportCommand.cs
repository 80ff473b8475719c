using System.CommandLine;
using System.Globalization;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rows;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;

namespace LoopOrchestrator.Mcp.Cli.Reports;

/// <summary><c>timing export</c>: the intervals of the time log as rows for other programs.</summary>
internal static class TimingExportCommand
{
    public static Command Create()
    {
        var format = ExportFormat.Option();
        var from = Moments.Option("--from", "Only intervals that began at this moment or later.");
        var to = Moments.Option("--to", "Only intervals that began before this moment.");
        return new Command(
            "export",
            "Print all intervals as CSV or JSON Lines: the complete ones in the order of the log, then the open ones, the oldest first."
        )
        {
            format,
            from,
            to,
        }.OnWorkspace(
            (session, parsed, cancellationToken) =>
            {
                var (begin, end) = (parsed.GetValue(from), parsed.GetValue(to));
                var writer = new ExportWriter<ExportedInterval>(
                    session.Output,
                    parsed.GetValue(format)!,
                    ExportedInterval.Columns,
                    JsonLines.Rows.ExportedInterval
                );
                return session.WhileAsync(
                    () => string.Create(CultureInfo.InvariantCulture, $"{writer.Count:#,0} rows"),
                    () =>
                    {
                        var open = TimingLogReader.Stream(session.Workspace.Paths, entry =>
                        {
                            cancellationToken.ThrowIfCancellationRequested();
                            if (entry.IsComplete && Fits(entry))
                            {
                                writer.Write(ExportedInterval.From(entry));
                            }
                        });
                        foreach (var entry in open.Where(Fits))
                        {
                            writer.Write(ExportedInterval.From(entry));
                        }

                        return Task.FromResult(ExitCode.Ok);
                    }
                );

                bool Fits(TimingEntry entry) => (begin is null || entry.StartTime >= begin) && (end is null || entry.StartTime < end);
            }
        );
    }
}
