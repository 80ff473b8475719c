using System.CommandLine;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>resume</c>: ends a pause.</summary>
internal static class ResumeCommand
{
    public static Command Create()
    {
        var id = new Argument<string?>("SCHEDULE_ID")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "The schedule. [default: the pause of all; schedules that were paused one by one stay so]",
        };
        var agent = new Option<string?>("--agent")
        {
            HelpName = "NAME",
            Description = "Instead: let this agent go on, whose runs are held back because its model's service refused it.",
        };
        var every = new Option<bool>("--all") { Description = "The pause of all, as without a schedule." };
        var command = new Command(
            "resume",
            "End the pause of one schedule, or of all, or let an agent go on that is held back. Due moments that fell into a pause stay "
                + "skipped."
        )
        {
            id,
            every,
            agent,
        };
        command.Validators.Add(result =>
        {
            bool[] given = [result.GetValue(id) is not null, result.GetValue(every), result.GetValue(agent) is not null];
            if (given.Count(static isGiven => isGiven) > 1)
            {
                result.AddError("resume takes a SCHEDULE_ID, --all or --agent NAME, one of them; give the command once for each.");
            }
        });
        return command.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                if (parsed.GetValue(agent) is { } name)
                {
                    session.Output.WriteLine(
                        await session.Workspace.Runs.ResumeAgentAsync(name, cancellationToken)
                            ? $"Agent '{SafeText.Escape(name)}' goes on: its waiting runs start when there is room."
                            : $"Agent '{SafeText.Escape(name)}' is not held back; nothing was changed."
                    );
                    return ExitCode.Ok;
                }

                var scheduleId = parsed.GetValue(id) is { } given ? session.ScheduleId(given) : ScheduleState.AllSchedules;
                var all = scheduleId == ScheduleState.AllSchedules;
                var what = all ? "All schedules" : $"Schedule '{SafeText.Escape(scheduleId)}'";
                var states = await session.Workspace.Schedules.Ledger.StatesAsync(cancellationToken);
                if (!states.TryGetValue(scheduleId, out var state) || state.PausedAt is null)
                {
                    if (!all)
                    {
                        session.Workspace.Schedules.Source.Get(scheduleId);
                    }

                    session.Output.WriteLine(
                        all
                            ? "There is no pause of all schedules; nothing was changed."
                            : $"{what} is not paused by itself; nothing was changed."
                    );
                }
                else
                {
                    await session.Workspace.Schedules.ResumeAsync(scheduleId, cancellationToken);
                    session.Output.WriteLine($"{what} {(all ? "go" : "goes")} on. Due moments of the pause stay skipped.");
                }

                WriteOthers(session, states, scheduleId);
                return ExitCode.Ok;
            }
        );
    }

    private static void WriteOthers(CommandSession session, IReadOnlyDictionary<string, ScheduleState> states, string resumed)
    {
        foreach (
            var (scheduleId, state) in states
                .Where(pair => pair.Value.PausedAt is not null && pair.Key != resumed)
                .OrderBy(static pair => pair.Key, StringComparer.Ordinal)
        )
        {
            var all = scheduleId == ScheduleState.AllSchedules;
            if (all || resumed == ScheduleState.AllSchedules)
            {
                var who = all ? "All schedules are" : $"Schedule '{SafeText.Escape(scheduleId)}' is";
                session.Output.WriteLine(
                    $"{who} still paused ({SafeText.Escape(state.PausedReason ?? "")}). Go on with: loop-orchestrator "
                        + $"resume{(all ? "" : " " + SafeText.Escape(scheduleId))}"
                );
            }
        }
    }
}
