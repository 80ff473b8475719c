using System.Text.Json;
using LoopOrchestrator.Core.Agents.Events;

namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>Codex (<c>codex exec --json</c>).</summary>
/// <remarks>
/// Seen with 0.171.0: the call, the way back as a <c>-c</c> override, <c>thread.started</c>, <c>turn.completed</c>, <c>turn.failed</c>,
/// <c>agent_message</c>. It tells a usage limit and its reset in prose only, so such a run fails with that message and no limit is noted.
/// It tells no cost. Its tokens are those of the whole thread.
/// </remarks>
internal sealed class CodexPreset : IAgentPreset
{
    public string Name => "codex";

    public ResultRules Results { get; } =
        new()
        {
            AlwaysSendsResult = true,
            ErrorPrefixes = ["unexpected status", "exceeded retry limit, last status"],
            VerifiedVersion = "0.171.0",
        };

    public EditRules Edits { get; } = new() { DeniedBy = "its sandbox, `.git/` only" };

    public IReadOnlyList<string> Variables => ["OPENAI_*", "CODEX_*"];

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
                events.Failed(line.Text("message"));
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
                events.End(isError: true, line.Text("error", "message"));
                break;
        }
    }

    // Without "required" it begins before the server is up, and then does so without it.
    private static string Server(McpServerCommand server)
    {
        var variables = server.Environment.Select(static variable => $"{Toml.Quote(variable.Key)}={Toml.Quote(variable.Value)}");
        return $"{{command={Toml.Quote(server.Program)},args=[{string.Join(',', server.Arguments.Select(Toml.Quote))}],env={{"
            + $"{string.Join(',', variables)}}},"
            + "default_tools_approval_mode=\"approve\",startup_timeout_sec=60,required=true}";
    }
}
