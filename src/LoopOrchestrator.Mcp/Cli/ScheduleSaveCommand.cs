using System.CommandLine;
using LoopOrchestrator.Core.Scheduling.Editing;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>schedules save</c>: creates a schedule or changes fields of one.</summary>
internal static class ScheduleSaveCommand
{
    public static Command Create()
    {
        var id = new Argument<string?>("SCHEDULE_ID")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "The schedule to change, or the id of a new one. [default: a new id]",
        };
        var name = Text("--name", "TEXT", "Its name; a new schedule needs one.");
        var mode = Text("--mode-slug", "MODE", "Its mode. [default of a new one: code]");
        mode.Aliases.Add("--mode");
        var task = Text("--task", "TEXT", "What is to be done; a new schedule needs it.");
        var interval = Text("--interval", "TEXT", "Such as \"10 minutes\", \"1 hour\", \"2 days\".");
        var cron = Text("--cron", "EXPRESSION", "Five fields, or six with seconds first, instead of an interval.");
        var timeZone = Text("--time-zone", "ZONE", "An IANA name, such as Europe/Berlin.");
        var days = Text("--days", "DAYS", "Such as mon,tue,wed; \"\" for every day.");
        var start = Text("--start", "MOMENT", "YYYY-MM-DD, HH:mm or both.");
        var expires = Text("--expires", "MOMENT", "YYYY-MM-DD (the end of that day) or \"YYYY-MM-DD HH:mm\".");
        var active = new Option<bool?>("--active") { HelpName = "true|false", Description = "Whether it fires by itself." };
        var overlap = Text("--overlap", "wait|skip|interrupt", "What an occurrence does that meets a run of it.");
        var misfire = Text("--misfire", "once|skip|all", "What becomes of missed occurrences.");
        var maxLateness = Text("--max-lateness", "DURATION", "Later than this is missed: minutes, h:mm:ss or ISO 8601.");
        var jitter = Text("--jitter", "DURATION", "How far an occurrence may be put off by chance.");
        var timeout = new Option<int?>("--timeout-seconds") { HelpName = "N", Description = "The time limit of one run, 1 to 86400." };
        var requestId = WorkspaceCommand.RequestId();
        return new Command(
            "save",
            "Create a schedule, or change the given fields of one; everything else in the file is kept. \"\" clears a field."
        )
        {
            id,
            name,
            mode,
            task,
            interval,
            cron,
            timeZone,
            days,
            start,
            expires,
            active,
            overlap,
            misfire,
            maxLateness,
            jitter,
            timeout,
            requestId,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var saved = await session.Workspace.Schedules.SaveAsync(
                    new ScheduleEdit
                    {
                        Id = parsed.GetValue(id),
                        Name = parsed.GetValue(name),
                        Mode = parsed.GetValue(mode),
                        Task = parsed.GetValue(task),
                        Interval = parsed.GetValue(interval),
                        Cron = parsed.GetValue(cron),
                        TimeZone = parsed.GetValue(timeZone),
                        Days = ScheduleEdit.SplitDays(parsed.GetValue(days)),
                        Start = parsed.GetValue(start),
                        Expires = parsed.GetValue(expires),
                        Active = parsed.GetValue(active),
                        Overlap = parsed.GetValue(overlap),
                        Misfire = parsed.GetValue(misfire),
                        MaxLateness = parsed.GetValue(maxLateness),
                        Jitter = parsed.GetValue(jitter),
                        TimeoutSeconds = parsed.GetValue(timeout),
                    },
                    parsed.GetValue(requestId),
                    cancellationToken
                );
                Write(session, saved);
                foreach (var finding in saved.Diagnostics)
                {
                    await session.Error.WriteLineAsync(Configuration.SafeText.Escape(finding));
                }

                return ExitCode.Ok;
            }
        );
    }

    private static void Write(CommandSession session, ScheduleSaved saved)
    {
        var what =
            saved.Created ? "Created"
            : saved.Changed.Count > 0 ? "Changed"
            : "Nothing to change in";
        var fields = saved is { Created: false, Changed.Count: > 0 } ? $" ({string.Join(", ", saved.Changed)})" : "";
        session.Output.WriteLine($"{what} '{saved.Id}'{fields} in {saved.File}.");
        if (saved is { NextOccurrence: { } next, Schedule: { } schedule })
        {
            session.Output.WriteLine($"Due next: {ReadableText.Moment(next, schedule.TimeZone)}");
        }

        if (saved.Backup is { } backup)
        {
            session.Output.WriteLine($"The former file: {backup}");
        }
    }

    private static Option<string?> Text(string name, string helpName, string description) =>
        new(name) { HelpName = helpName, Description = description };
}
