using System.CommandLine;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>pause</c>: nothing is fired until <c>resume</c>, also across restarts.</summary>
internal static class PauseCommand
{
    public static Command Create()
    {
        var id = new Argument<string?>("SCHEDULE_ID") { Arity = ArgumentArity.ZeroOrOne, Description = "The schedule." };
        var every = new Option<bool>("--all") { Description = "Pause all schedules." };
        var reason = new Option<string>("--reason")
        {
            HelpName = "TEXT",
            Description = "Why; shown wherever the pause is.",
            DefaultValueFactory = _ => "paused by hand",
        };
        var command = new Command(
            "pause",
            "Pause one schedule, or all with --all. Queued runs of its due moments are dropped; what was asked for by hand stays, and a "
                + "run that is going on goes on. Lasts until 'resume', with or without a server."
        )
        {
            id,
            every,
            reason,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(id) is null == !result.GetValue(every))
            {
                result.AddError(
                    "pause needs a SCHEDULE_ID ('schedules list' shows them), or --all for every schedule; give one of the two."
                );
            }
        });
        return command.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var scheduleId = parsed.GetValue(every) ? ScheduleState.AllSchedules : session.ScheduleId(parsed.GetValue(id)!);
                var dropped = await session.Workspace.Schedules.PauseAsync(scheduleId, parsed.GetValue(reason)!, cancellationToken);
                var all = scheduleId == ScheduleState.AllSchedules;
                session.Output.WriteLine(
                    $"{(all ? "All schedules are" : $"Schedule '{SafeText.Escape(scheduleId)}' is")} paused. A run that "
                        + "is going on goes on."
                );
                session.Output.WriteLine(
                    dropped.Count == 0 ? "No queued run had to be dropped." : $"Dropped from the queue: {string.Join(", ", dropped)}"
                );
                session.Output.WriteLine($"Go on with: loop-orchestrator resume{(all ? "" : " " + SafeText.Escape(scheduleId))}");
                return ExitCode.Ok;
            }
        );
    }
}
