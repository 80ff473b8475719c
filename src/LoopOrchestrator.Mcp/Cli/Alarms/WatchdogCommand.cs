using System.CommandLine;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli.Alarms;

/// <summary><c>watchdog</c>: one look from outside, for cron, a timer of systemd or a CI; no server is asked for it.</summary>
internal static class WatchdogCommand
{
    public static Command Create()
    {
        var quiet = new Option<bool>("--quiet", "-q")
        {
            Description = "Print nothing while all is well, so that cron sends mail about trouble only.",
        };
        var tell = new Option<bool>("--tell")
        {
            Description =
                "Where nothing fires: enter that as an incident and deliver what 'notices' of the configuration says, under trust, in "
                + "bounded time. A server that fires does this itself.",
        };
        var json = WorkspaceCommand.Json(like: null);
        return new Command(
            "watchdog",
            "Say in one line whether the schedules fire and nothing needs a person, read from the ledger without a server. Ends with 0 "
                + "when all is well and 5 when not, as status does. For cron, systemd or a CI; changes nothing without --tell."
        )
        {
            quiet,
            tell,
            json,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var status = await session.Workspace.Status.ReadAsync(cancellationToken);
                status = status with { Sentences = [.. session.Errors, .. status.Sentences] };
                long? undelivered = null;
                if (parsed.GetValue(tell) && (status.SchedulerProcess is null || !status.Life.IsAlive))
                {
                    undelivered = await session.Workspace.Incidents.NotifyAsync(cancellationToken);
                }

                var isWell = status.Attention.Count == 0;
                if (parsed.GetValue(json))
                {
                    session.WriteJson(WatchdogAnswer.From(status, Why(status), undelivered), ReadableJson.Commands.WatchdogAnswer);
                }
                else if (!isWell || !parsed.GetValue(quiet))
                {
                    session.Output.WriteLine(
                        $"{(isWell ? "ok" : "needs attention")}: {SafeText.Escape(Why(status))}"
                            + (undelivered > 0 ? $" {undelivered} notice(s) could not be delivered yet." : "")
                    );
                }

                return isWell ? ExitCode.Ok : ExitCode.NeedsAttention;
            }
        );
    }

    // That nothing fires is worse than anything else that could be told first.
    private static string Why(WorkspaceStatus status)
    {
        var first =
            status.Life.IsAlive && status.Sentences.Count > 0 ? CommandWords.Of(status.Sentences[0]) : status.Life.Describe(status.At);
        var more = status.Sentences.Count - (status.Life.IsAlive ? 1 : 0);
        return more > 0 ? $"{first} ({more} more: see status)" : first;
    }
}
