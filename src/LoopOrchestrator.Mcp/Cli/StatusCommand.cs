using System.CommandLine;
using System.Text.Json;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Tools.Status;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>status</c>: how the workspace stands, for people, scripts and prompts of shells.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print what the tool get_status answers." };
        var line = new Option<bool>("--line")
        {
            Description = "Print one line, for tmux, a shell's prompt or an editor's status line; it ends with the same code.",
        };
        var command = new Command(
            "status",
            "Show what needs attention, what runs and waits, and what is due next. Ends with 0 when all is well and 5 "
                + "when something needs a person. Changes nothing."
        )
        {
            json,
            line,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(line))
            {
                result.AddError("--json and --line exclude each other.");
            }
        });
        return command.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var status = await session.Workspace.Status.ReadAsync(cancellationToken);
                status = status with { Sentences = [.. session.Errors, .. status.Sentences] };
                if (parsed.GetValue(json))
                {
                    var trust = TrustDecision.From(session.Options.TrustWorkspace, recorded: null);
                    var result = StatusResult.From(status, session.Workspace.Paths.Root, "command", trust.Source, session.Warnings);
                    await session.Output.WriteLineAsync(JsonSerializer.Serialize(result, ReadableJson.Tools.StatusResult));
                }
                else if (parsed.GetValue(line))
                {
                    await session.Output.WriteLineAsync(StatusLine.Of(status));
                }
                else
                {
                    var states = await session.Workspace.Schedules.Ledger.StatesAsync(cancellationToken);
                    StatusText.Write(session, status, states.GetValueOrDefault(ScheduleState.AllSchedules, ScheduleState.Unknown));
                }

                return status.Attention.Count == 0 ? ExitCode.Ok : ExitCode.NeedsAttention;
            }
        );
    }
}
