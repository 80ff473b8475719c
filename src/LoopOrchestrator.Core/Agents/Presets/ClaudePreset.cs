using System.Globalization;
using System.Text.Json;
using LoopOrchestrator.Core.Agents.Events;
using LoopOrchestrator.Core.Modes;

namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>Claude Code (<c>claude</c>), with its <c>stream-json</c> events.</summary>
/// <remarks>
/// Seen with 2.1.197: the call, the way back, <c>system/init</c>, <c>assistant</c>, <c>result</c>, and a refusal by the model's server
/// (<c>assistant.error</c> <c>rate_limit</c>, <c>result.api_error_status</c> 429). Only read: <c>rate_limit_event</c> of subscriptions.
/// </remarks>
internal sealed class ClaudePreset : IAgentPreset
{
    private const string RateLimit = "rate_limit";

    public string Name => "claude";

    public IReadOnlyList<string> Variables => ["ANTHROPIC_*", "CLAUDE_*"];

    public AgentInvocation Build(AgentCall call)
    {
        var agent = call.Agent;
        List<string> arguments = ["-p", "--output-format", "stream-json", "--verbose", "--session-id", call.SessionId.ToString(), "--mcp-config", call.Folder.McpConfig];
        if (call.MayEdit)
        {
            arguments.AddRange(["--permission-mode", "acceptEdits"]);
        }

        arguments.AddRange(["--allowedTools", string.Join(',', Tools(call.Mode))]);
        if (agent.Model is { } model)
        {
            arguments.AddRange(["--model", model]);
        }

        if (agent.MaxTurns is { } turns)
        {
            arguments.AddRange(["--max-turns", turns.ToString(CultureInfo.InvariantCulture)]);
        }

        if (agent.MaxBudgetUsd is { } budget)
        {
            arguments.AddRange(["--max-budget-usd", budget.ToString(CultureInfo.InvariantCulture)]);
        }

        return new AgentInvocation([.. arguments, .. agent.Arguments])
        {
            Files = new Dictionary<string, byte[]>(StringComparer.Ordinal) { [call.Folder.McpConfig] = call.Server.ToJson() },
        };
    }

    public void Read(JsonElement line, AgentEvents events)
    {
        switch (line.Text("type"))
        {
            case "system" or "assistant":
                events.Session(line.Text("session_id"));
                foreach (var part in line.Items("message", "content").Where(static part => part.Text("type") == "text"))
                {
                    events.Say(part.Text("text"));
                }

                if (line.Text("error") is RateLimit)
                {
                    events.LimitReached(RateLimit, resetsAt: null);
                }
                else if (line.Text("type") == "assistant" && line.Text("error") is null)
                {
                    // The model answers again; what the program fails of later is something else.
                    events.LimitLifted(RateLimit);
                }

                break;
            case "rate_limit_event" when line.At("rate_limit_info") is { } info:
                if (info.Text("status") == "rejected")
                {
                    events.LimitReached(info.Text("rateLimitType"), info.UnixSeconds("resetsAt"));
                }
                else
                {
                    events.LimitLifted(info.Text("rateLimitType"));
                }

                break;
            case "result":
                ReadResult(line, events);
                break;
        }
    }

    private static void ReadResult(JsonElement line, AgentEvents events)
    {
        events.Session(line.Text("session_id"));
        events.TotalCost(line.Real("total_cost_usd"));
        if (line.At("usage") is { } usage && usage.Whole("input_tokens") is { } input)
        {
            // Its input_tokens leaves out what went through the cache.
            var cached = usage.Whole("cache_read_input_tokens") ?? 0;
            events.TotalTokens(input + cached + (usage.Whole("cache_creation_input_tokens") ?? 0), usage.Whole("output_tokens"), cached);
        }

        foreach (var denial in line.Items("permission_denials"))
        {
            events.Denied(denial.Text("tool_name"));
        }

        events.End(line.IsTrue("is_error"), line.Text("result"), line.Count("num_turns"));
    }

    // Claude Code refuses every tool that is not allowed when nobody is there to ask, so the mode's groups are the limit.
    private static IEnumerable<string> Tools(Mode mode)
    {
        foreach (var group in mode.Groups.Select(static group => group.Name).Distinct(StringComparer.Ordinal))
        {
            string[] tools = group switch
            {
                ModeGroup.Read => ["Read", "Grep", "Glob"],
                ModeGroup.Edit => ["Edit", "Write", "NotebookEdit"],
                ModeGroup.Command => ["Bash"],
                _ => [],
            };
            foreach (var tool in tools)
            {
                yield return tool;
            }
        }

        yield return $"mcp__{McpServerCommand.Name}__*";
    }
}
