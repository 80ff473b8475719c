using System.Text.Json;
using LoopOrchestrator.Core.Agents.Events;
using LoopOrchestrator.Core.Toml;

namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>Codex (<c>codex exec --json</c>).</summary>
/// <remarks>
/// Seen with 0.171.0: the call, the way back as a <c>-c</c> override, <c>thread.started</c>, <c>turn.completed</c>, <c>turn.failed</c>,
/// <c>agent_message</c>, <c>error</c> while it waits for a network, without an end. Only read: that it tells a usage limit in prose, whose
/// reset is therefore not known.
/// It tells no cost. Its tokens are those of the whole thread.
/// </remarks>
internal sealed class CodexPreset : IAgentPreset
{
    private const string Reconnecting = "Reconnecting...";

    public string Name => "codex";

    public bool IsKeptFromGit => true;

    public ResultRules Results { get; } =
        new()
        {
            AlwaysSendsResult = true,
            ErrorPrefixes = ["unexpected status", "exceeded retry limit, last status"],
            UnreachablePrefixes =
            [
                "Connection failed",
                "error sending request",
                "stream disconnected before completion: error sending request",
            ],
            UsageLimitPrefixes = ["You've hit your usage limit", "You have hit your usage limit", "You've reached your usage limit"],
            VerifiedVersion = "0.171.0",
        };

    public EditRules Edits { get; } = new() { DeniedBy = "its sandbox, `.git/` only" };

    public IReadOnlyList<string> Variables => ["OPENAI_*", "CODEX_*"];

    public IReadOnlyList<string> SessionVariables =>
        ["CODEX_THREAD_ID", "CODEX_*SESSION_ID", "CODEX_CI", "CODEX_SANDBOX", "CODEX_SANDBOX_*", "CODEX_INTERNAL_*"];

    public AgentInvocation Build(AgentCall call)
    {
        List<string> arguments =
        [
            "exec",
            "--json",
            "--skip-git-repo-check",
            "-s",
            call.MayEdit || call.MayCommand ? "workspace-write" : "read-only",
            "-c",
            "approval_policy=\"never\"",
            "-c",
            $"mcp_servers.{McpServerCommand.Name}={Server(call.Server)}",
        ];
        if (call.Agent.Model is { } model)
        {
            arguments.AddRange(["-m", model]);
        }

        return new AgentInvocation([.. arguments, .. call.Agent.Arguments, "-"]);
    }

    public IEnumerable<TranscriptEntry> Transcribe(JsonElement line) =>
        line.Text("type") switch
        {
            "item.started" when line.Text("item", "type") is "command_execution" or "mcp_tool_call" => [Call(line)],
            "item.completed" => Completed(line),
            "error" => [TranscriptEntry.Error(line.Text("message"))],
            "turn.failed" => [TranscriptEntry.End($"failed: {line.Text("error", "message")}")],
            "turn.completed" => [TranscriptEntry.End("the turn is over")],
            _ => [],
        };

    public void Read(JsonElement line, AgentEvents events)
    {
        switch (line.Text("type"))
        {
            case "thread.started":
                events.Session(line.Text("thread_id"));
                break;
            case "turn.started":
                events.BeginTurn();
                break;
            case "error":
                // It retries by itself, and says "turn.failed" when it gives up.
                ReadError(line.Text("message"), events);
                break;
            case "item.started" or "item.completed" when line.Text("item", "type") is not (null or "error"):
                events.Worked();
                if (line.Text("item", "type") == "agent_message")
                {
                    events.Say(line.Text("item", "text"));
                }

                break;
            case "turn.completed":
                events.TotalTokens(
                    line.Whole("usage", "input_tokens"),
                    line.Whole("usage", "output_tokens"),
                    line.Whole("usage", "cached_input_tokens")
                );
                events.End(line.IsThere("error"), line.Text("error", "message"));
                break;
            case "turn.failed":
                NoteLimit(line.Text("error", "message"), events);
                events.End(isError: true, line.Text("error", "message"));
                break;
        }
    }

    private static TranscriptEntry Call(JsonElement line) =>
        line.Text("item", "type") == "command_execution"
            ? TranscriptEntry.Tool("command", ToolArguments.Of(line.At("item", "command")))
            : TranscriptEntry.Tool(line.Text("item", "tool"), ToolArguments.Of(line.At("item", "arguments")));

    private static IEnumerable<TranscriptEntry> Completed(JsonElement line) =>
        line.Text("item", "type") switch
        {
            "agent_message" => [TranscriptEntry.Said(line.Text("item", "text"))],
            "error" => [TranscriptEntry.Error(line.Text("item", "message"))],
            "command_execution" =>
            [
                TranscriptEntry.Gave(line.Text("item", "aggregated_output"), line.Whole("item", "exit_code") is not (0 or null)),
            ],
            "mcp_tool_call" =>
            [
                line.Text("item", "error", "message") is { } error
                    ? TranscriptEntry.Gave(error, isError: true)
                    : TranscriptEntry.Gave(ToolArguments.Result(line.At("item", "result", "content"))),
            ],
            "file_change" => line.Items("item", "changes")
                .Select(static change => TranscriptEntry.Tool(change.Text("kind") ?? "change", change.Text("path"))),
            _ => [],
        };

    private void ReadError(string? message, AgentEvents events)
    {
        // "Reconnecting... 2/5 (what was wrong)": the same in other words each time, and without a number where there is no network.
        var begin =
            message?.StartsWith(Reconnecting, StringComparison.Ordinal) == true ? message.IndexOf('(', StringComparison.Ordinal) : -1;
        var error = begin >= 0 && message!.EndsWith(')') ? message[(begin + 1)..^1] : message;
        events.Failed(error);
        NoteLimit(error, events);
    }

    // In prose only, and without a moment that could be read for sure.
    private void NoteLimit(string? message, AgentEvents events)
    {
        if (message is not null && Results.UsageLimitPrefixes.Any(prefix => message.StartsWith(prefix, StringComparison.Ordinal)))
        {
            events.LimitReached("usage_limit", resetsAt: null);
        }
    }

    // Without "required" it begins before the server is up, and then does so without it.
    private static string Server(McpServerCommand server)
    {
        var variables = server.Environment.Select(static one => $"{TomlStrings.Quote(one.Key)}={TomlStrings.Quote(one.Value)}");
        return $"{{command={TomlStrings.Quote(server.Program)},args=[{string.Join(',', server.Arguments.Select(TomlStrings.Quote))}],env={{"
            + $"{string.Join(',', variables)}}},"
            + "default_tools_approval_mode=\"approve\",startup_timeout_sec=60,required=true}";
    }
}
