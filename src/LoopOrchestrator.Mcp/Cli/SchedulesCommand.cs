using System.CommandLine;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Tools.Schedules;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>schedules</c>: what is due when, what became of it, starting it by hand, and changing it.</summary>
internal static class SchedulesCommand
{
    public static Command Create() =>
        new("schedules", "See what is due when and what became of it, start it by hand, change it.")
        {
            List(),
            History(),
            Trigger(),
            ScheduleSaveCommand.Create(),
            Delete(),
        };

    private static Command List()
    {
        var all = new Option<bool>("--all") { Description = "List inactive schedules, too." };
        var json = WorkspaceCommand.Json("list_schedules");
        return new Command("list", "List the schedules with their next due moment, on their own clock.") { all, json }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var schedules = await session.Workspace.Status.ExplainedSchedulesAsync(cancellationToken);
                if (parsed.GetValue(json))
                {
                    var answer = ScheduleListResult.From(session.Workspace, schedules, parsed.GetValue(all));
                    return session.WriteJson(answer, ReadableJson.Tools.ScheduleListResult);
                }

                var table = StatusText.Table(session, schedules.Where(entry => parsed.GetValue(all) || entry.Schedule.Active));
                if (table.Count > 0)
                {
                    table.Write(session.Output);
                }
                else
                {
                    var file = session.Workspace.Paths.Display(session.Workspace.Schedules.Source.FilePath);
                    var hasErrors = session.Workspace.Schedules.Source.Diagnostics.Any(static one =>
                        one.Severity == DiagnosticSeverity.Error
                    );
                    session.Output.WriteLine(
                        schedules.Count > 0 ? $"No schedule in {file} is active; --all lists the {schedules.Count} that it holds."
                        : hasErrors ? $"{file} holds no schedule that can be used; its errors say why."
                        : File.Exists(session.Workspace.Schedules.Source.FilePath) ? $"{file} holds no schedule."
                        : $"{file} is not there. 'loop-orchestrator init' writes one with an example."
                    );
                }

                foreach (var diagnostic in session.Workspace.Schedules.Source.Diagnostics)
                {
                    await session.Error.WriteLineAsync(Configuration.SafeText.Escape(diagnostic.ToString()));
                }

                return ExitCode.Ok;
            }
        );
    }

    private static Command History()
    {
        var id = new Argument<string?>("SCHEDULE_ID")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "The schedule; one that is in the file no more, too. [default: all]",
        };
        var limit = WorkspaceCommand.Number("--limit", "N", "How many rows at the most.", 1, 1000, 20);
        var json = WorkspaceCommand.Json(like: null);
        return new Command("history", "Show the ledger: every due moment with its one outcome and its run, newest first.")
        {
            id,
            limit,
            json,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var workspace = session.Workspace;
                var scheduleId = parsed.GetValue(id) is { } part ? session.ScheduleId(part) : null;
                var rows = await workspace.Schedules.Ledger.HistoryAsync(scheduleId, parsed.GetValue(limit), cancellationToken);
                if (rows.Count == 0 && scheduleId is not null)
                {
                    workspace.Schedules.Source.Get(scheduleId);
                }

                if (parsed.GetValue(json))
                {
                    return session.WriteJson(HistoryAnswer.From(rows), ReadableJson.Commands.HistoryAnswer);
                }

                if (rows.Count == 0)
                {
                    session.Output.WriteLine("The ledger holds no due moment yet.");
                    return ExitCode.Ok;
                }

                var zones = workspace.Schedules.Source.Schedules.ToDictionary(
                    static schedule => schedule.Id,
                    static schedule => schedule.TimeZone,
                    StringComparer.Ordinal
                );
                var table = new TextTable(
                    session.Clock("DUE"),
                    "SCHEDULE",
                    Column.States("OUTCOME"),
                    Column.Whole("MOMENTS"),
                    Column.Ids("RUN"),
                    Column.States("RUN STATE"),
                    "REASON"
                );
                foreach (var row in rows)
                {
                    table.Add(
                        session.Exact(row.DueAt, zones.GetValueOrDefault(row.ScheduleId)),
                        row.ScheduleId,
                        row.OutcomeName,
                        row.Count.ToString(),
                        row.RunId,
                        row.RunState?.Name(),
                        row.Reason
                    );
                }

                table.Write(session.Output);
                return ExitCode.Ok;
            }
        );
    }

    private static Command Trigger()
    {
        var id = new Argument<string>("SCHEDULE_ID") { Description = "The schedule; an inactive or paused one, too." };
        var requestId = WorkspaceCommand.RequestId();
        return new Command("trigger", "Start a schedule's work now, without asking its onlyIf. Its due moments stay as they are.")
        {
            id,
            requestId,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var scheduleId = session.ScheduleId(parsed.GetValue(id)!);
                var run = await session.Workspace.Schedules.TriggerAsync(scheduleId, parsed.GetValue(requestId), cancellationToken);
                await RunText.WriteAsync(session, run, cancellationToken);
                await RunText.WriteNextAsync(session, run, cancellationToken);
                return ExitCode.Ok;
            },
            needsConfiguration: true
        );
    }

    private static Command Delete()
    {
        // The whole of it: a part may be a slip of the finger, and what is due by it is gone.
        var id = new Argument<string>("SCHEDULE_ID") { Description = "The schedule; its whole id." };
        return new Command("delete", "Remove a schedule from the file. The file's former bytes are kept in .loop/backups.")
        {
            id,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var deleted = await session.Workspace.Schedules.DeleteAsync(parsed.GetValue(id)!, cancellationToken);
                session.Output.WriteLine($"Deleted '{deleted.Id}' from {deleted.File}. The former file: {deleted.Backup}");
                foreach (var run in deleted.Runs)
                {
                    session.Output.WriteLine($"Run {run} of it is left as it is; 'loop-orchestrator runs cancel {run}' ends it.");
                }

                return ExitCode.Ok;
            }
        );
    }
}
