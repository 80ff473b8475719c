using System.CommandLine;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Output;

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
        return new Command("list", "List the schedules with their next due moment, on their own clock.") { all }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var schedules = await session.Workspace.Status.SchedulesAsync(cancellationToken);
                var table = StatusText.Table(schedules.Where(entry => parsed.GetValue(all) || entry.Schedule.Active));
                if (table.Count > 0)
                {
                    table.Write(session.Output);
                }
                else
                {
                    var file = session.Workspace.Paths.Display(session.Workspace.Schedules.Source.FilePath);
                    session.Output.WriteLine(
                        schedules.Count > 0
                            ? $"No schedule in {file} is active; --all lists the {schedules.Count} that it holds."
                            : $"{file} holds no schedule. 'loop-orchestrator init' writes an example where there is no file."
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
        return new Command("history", "Show the ledger: every due moment with its one outcome, newest first.") { id, limit }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var workspace = session.Workspace;
                var scheduleId = parsed.GetValue(id);
                var rows = await workspace.Schedules.Ledger.HistoryAsync(scheduleId, parsed.GetValue(limit), cancellationToken);
                if (rows.Count == 0)
                {
                    if (scheduleId is not null)
                    {
                        workspace.Schedules.Source.Get(scheduleId);
                    }

                    session.Output.WriteLine("The ledger holds no due moment yet.");
                    return ExitCode.Ok;
                }

                var zones = workspace.Schedules.Source.Schedules.ToDictionary(
                    static schedule => schedule.Id,
                    static schedule => schedule.TimeZone,
                    StringComparer.Ordinal
                );
                var table = new TextTable("DUE", "SCHEDULE", "OUTCOME", "MOMENTS", "RUN", "REASON");
                foreach (var row in rows)
                {
                    table.Add(
                        ReadableText.Moment(row.DueAt, zones.GetValueOrDefault(row.ScheduleId, workspace.Time.LocalTimeZone)),
                        row.ScheduleId,
                        StatusText.Outcome(row),
                        row.Count.ToString(),
                        row.RunId,
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
        return new Command("trigger", "Start a schedule's work now, without asking its onlyIf. Its due moments stay as they are.")
        {
            id,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var run = await session.Workspace.Schedules.TriggerAsync(parsed.GetValue(id)!, cancellationToken);
                RunText.Write(session, run);
                await RunText.WriteNextAsync(session, run, cancellationToken);
                return ExitCode.Ok;
            },
            needsConfiguration: true
        );
    }

    private static Command Delete()
    {
        var id = new Argument<string>("SCHEDULE_ID") { Description = "The schedule." };
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
