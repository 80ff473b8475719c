using System.CommandLine;
using System.Text.Json;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Cli.Watching;
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
        var watch = new Option<bool>("--watch", "-w")
        {
            Description = "Show it until Ctrl+C, drawn anew when something changes. Where it is piped it is printed once.",
        };
        var command = new Command(
            "status",
            "Show what needs attention, what runs and waits, and what is due next. Ends with 0 when all is well and 5 "
                + "when something needs a person. Changes nothing."
        )
        {
            json,
            line,
            watch,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(line))
            {
                result.AddError("--json and --line exclude each other.");
            }

            if (result.GetValue(watch) && (result.GetValue(json) || result.GetValue(line)))
            {
                result.AddError("--watch shows the whole status; leave --json and --line out.");
            }
        });
        return command.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                if (parsed.GetValue(watch) && TerminalWriter.ScreenOf(session.Output) is { } screen)
                {
                    return await WatchAsync(session, screen, cancellationToken);
                }

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
                    await WriteAsync(session, status, cancellationToken);
                }

                return status.Attention.Count == 0 ? ExitCode.Ok : ExitCode.NeedsAttention;
            }
        );
    }

    private static async Task WriteAsync(CommandSession session, WorkspaceStatus status, CancellationToken cancellationToken)
    {
        var states = await session.Workspace.Schedules.Ledger.StatesAsync(cancellationToken);
        var now = await session.Workspace.Status.NowAsync(cancellationToken);
        StatusText.Write(session, status, now, states.GetValueOrDefault(ScheduleState.AllSchedules, ScheduleState.Unknown));
    }

    private static async Task<int> WatchAsync(CommandSession session, Func<ScreenSize> screen, CancellationToken cancellationToken)
    {
        var shown = session.Output;
        var colour = session.Output is TerminalWriter { HasColour: true };
        var isWell = true;
        await new ScreenLoop(shown, screen, session.Workspace.Time).RunUntilSignalAsync(
            async (width, token) =>
            {
                await using var text = new StringWriter();
                await using var terminal = new TerminalWriter(text, width, colour);
                var status = await session.Workspace.Status.ReadAsync(token);
                status = status with { Sentences = [.. session.Errors, .. status.Sentences] };
                isWell = status.Attention.Count == 0;
                session.PrintTo(terminal);
                await WriteAsync(session, status, token);
                return text.ToString();
            },
            session.Workspace.Watch,
            cancellationToken
        );
        return isWell ? ExitCode.Ok : ExitCode.NeedsAttention;
    }
}
