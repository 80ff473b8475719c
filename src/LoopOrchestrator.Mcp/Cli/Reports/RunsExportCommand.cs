using System.CommandLine;
using System.Globalization;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;

namespace LoopOrchestrator.Mcp.Cli.Reports;

/// <summary><c>runs export</c>: runs as rows for other programs.</summary>
internal static class RunsExportCommand
{
    public static Command Create()
    {
        var format = ExportFormat.Option();
        var from = Moments.Option("--from", "Only runs that were asked for at this moment or later.");
        var to = Moments.Option("--to", "Only runs that were asked for before this moment.");
        var state = new Option<string?>("--state") { HelpName = "STATE", Description = "Only runs in this state." };
        state.AcceptOnlyFromAmong([.. Enum.GetValues<RunState>().Select(RunNames.Name)]);
        return new Command("export", "Print all runs as CSV or JSON Lines, the newest first.") { format, from, to, state }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var filter = new RunFilter
                {
                    State = RunNames.State(parsed.GetValue(state)),
                    From = parsed.GetValue(from),
                    To = parsed.GetValue(to),
                };
                var writer = new ExportWriter<ExportedRun>(
                    session.Output,
                    parsed.GetValue(format)!,
                    ExportedRun.Columns,
                    JsonLines.Rows.ExportedRun
                );
                return await session.WhileAsync(
                    () => string.Create(CultureInfo.InvariantCulture, $"{writer.Count:#,0} runs"),
                    async () =>
                    {
                        await foreach (var page in session.Workspace.Reports.PagesAsync(filter, cancellationToken))
                        {
                            var withoutEvidence = await session.Workspace.Status.WithoutEvidenceAsync(page, cancellationToken);
                            foreach (var run in page)
                            {
                                writer.Write(ExportedRun.From(run, withoutEvidence.Contains(run.Id)));
                            }
                        }

                        return ExitCode.Ok;
                    }
                );
            }
        );
    }
}
