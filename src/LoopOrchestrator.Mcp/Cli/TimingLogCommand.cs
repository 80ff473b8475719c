using System.CommandLine;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Timing.Rows;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Tools.Timing;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>timing log</c>: writes a start, a stop or a whole interval, as the tool <c>log_timing</c> does.</summary>
internal static class TimingLogCommand
{
    public static Command Create()
    {
        var action = new Argument<string>("ACTION") { Description = "start, stop or record (a whole interval)." };
        action.AcceptOnlyFromAmong("start", "stop", "record");
        var task = Text("--task", "TEXT", "What is worked on; needed for start and record.");
        var mode = Text("--mode-slug", "MODE", "Any slug; needed for start and record.");
        mode.Aliases.Add("--mode");
        var id = Text("--task-id", "ID", "For stop: the id that start printed. [default of start and record: a new id]");
        var priority = new Option<string>("--priority")
        {
            HelpName = "PRIORITY",
            Description = "schedule, todo or normal.",
            DefaultValueFactory = static _ => TimingPriority.Normal,
        };
        priority.AcceptOnlyFromAmong("schedule", "todo", "normal");
        var result = Text("--result", "TEXT", "What came of it. [default: completed]");
        var start = Moment("--start", "When it began; needed for record. [default: now]");
        var end = Moment("--end", "When it ended; needed for record. [default: now]");
        var request = WorkspaceCommand.RequestId();
        var json = WorkspaceCommand.Json("log_timing");
        return new Command("log", "Write to task_timing.tsv: open an interval, close one, or record a whole one.")
        {
            action,
            task,
            mode,
            id,
            priority,
            result,
            start,
            end,
            request,
            json,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var entry = await session.Workspace.Timing.LogAsync(
                    new TimingCall(parsed.GetValue(action)!)
                    {
                        Task = parsed.GetValue(task),
                        Mode = parsed.GetValue(mode),
                        TaskId = parsed.GetValue(id),
                        Priority = parsed.GetValue(priority)!,
                        Result = parsed.GetValue(result),
                        StartTime = parsed.GetValue(start),
                        EndTime = parsed.GetValue(end),
                    },
                    session.Workspace.Requests,
                    parsed.GetValue(request),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    return session.WriteJson(TimingRowResult.From(entry), ReadableJson.Tools.TimingRowResult);
                }

                var name = SafeText.Escape(entry.TaskId);
                session.Output.WriteLine(
                    entry.DurationSeconds is { } seconds
                        ? $"Interval {name} took {ReadableText.Duration(seconds)}."
                        : $"Interval {name} is open. It is closed by: loop-orchestrator timing log stop --task-id {name}"
                );
                return ExitCode.Ok;
            }
        );
    }

    private static Option<string?> Text(string name, string helpName, string description) =>
        new(name) { HelpName = helpName, Description = description };

    private static Option<DateTimeOffset?> Moment(string name, string description) =>
        new(name) { HelpName = "MOMENT", Description = $"{description} ISO 8601, such as 2026-01-31T09:00:00Z." };
}
