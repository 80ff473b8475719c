using System.Globalization;
using System.Text.Json;
using LoopOrchestrator.Core.Agents.Events;
using LoopOrchestrator.Core.Modes;

namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>Claude Code (<c>claude</c>), with its <c>stream-json</c> events.</summary>
/// <remarks>
/// Seen with 2.1.332 (a refused key, nobody signed in) and 2.1.197: the call, the way back, <c>system/init</c>, <c>assistant</c>,
/// <c>result</c>, and a refusal by the model's server
/// (<c>assistant.error</c> <c>rate_limit</c>, <c>result.api_error_status</c> 429). Only read: <c>rate_limit_event</c> of subscriptions.
/// </remarks>
internal sealed class ClaudePreset : IAgentPreset
{
    private const string RateLimit = "rate_limit";
    private const string SignedOut = "authentication_failed";

    public string Name => "claude";

    public ResultRules Results { get; } =
        new()
        {
            AlwaysSendsResult = true,
            UnreachablePrefixes = ["API Error: Connection refused", "API Error: Unable to connect", "API Error: Connection error"],
            VerifiedVersion = "2.1.332",
        };

    public EditRules Edits { get; } = new() { DeniedBy = "`--disallowedTools`", HoldsFileRegex = true };

    public IReadOnlyList<string> Variables => ["ANTHROPIC_*", "CLAUDE_*"];

    public IReadOnlyList<string> SessionVariables =>
        [
            "*_SESSION_ACCESS_TOKEN",
            "CLAUDECODE",
            "CLAUDE_BG_*",
            "CLAUDE_BRIDGE_*",
            "CLAUDE_CODE_BRIDGE_*",
            "CLAUDE_CODE_CHILD_*",
            "CLAUDE_CODE_CLOUD_SESSION_ID",
            "CLAUDE_CODE_ENTRYPOINT*",
            "CLAUDE_CODE_EXECPATH",
            "CLAUDE_CODE_HOST_SESSION_ID",
            "CLAUDE_CODE_LAUNCHED_BY_SESSION_IDS",
            "CLAUDE_CODE_PROJECTS_SESSION",
            "CLAUDE_CODE_REMOTE_SESSION_*",
            "CLAUDE_CODE_RESUME_FROM_SESSION",
            "CLAUDE_CODE_SESSION_*",
            "CLAUDE_CODE_SSE_PORT",
            "CLAUDE_CODE_TMUX_SESSION",
            "CLAUDE_CODE_USER_DELEGATED_SESSION*",
            "CLAUDE_ENV_FILE",
            "CLAUDE_PID",
            "CLAUDE_PLUGIN_DATA",
            "CLAUDE_PLUGIN_ROOT",
            "CLAUDE_PROJECT_DIR",
        ];

    public IReadOnlyList<CloudAccess> CloudAccesses =>
        [
            Clouds.Amazon("CLAUDE_CODE_USE_BEDROCK"),
            Clouds.Amazon("CLAUDE_CODE_USE_MANTLE"),
            Clouds.Amazon("CLAUDE_CODE_USE_ANTHROPIC_AWS"),
            Clouds.Google("CLAUDE_CODE_USE_ANTHROPIC_GOOGLE_CLOUD"),
            Clouds.Google("CLAUDE_CODE_USE_VERTEX", ["ANTHROPIC_VERTEX_PROJECT_ID", "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT"]),
            Clouds.Azure("CLAUDE_CODE_USE_FOUNDRY", ["ANTHROPIC_FOUNDRY_RESOURCE", "ANTHROPIC_FOUNDRY_BASE_URL"]),
        ];

    public AgentInvocation Build(AgentCall call)
    {
        var agent = call.Agent;
        List<string> arguments =
        [
            "-p",
            "--output-format",
            "stream-json",
            "--verbose",
            "--session-id",
            call.SessionId.ToString(),
            "--mcp-config",
            call.Folder.McpConfig,
        ];
        var edits = EditPatterns.Of(call.Mode);
        if (call.MayEdit && edits is null)
        {
            arguments.AddRange(["--permission-mode", "acceptEdits"]);
        }

        arguments.AddRange(["--allowedTools", string.Join(',', Tools(call.Mode, edits))]);
        if (call.MayEdit)
        {
            // Its rules for Edit hold for all of its tools that change files.
            arguments.AddRange([
                "--disallowedTools",
                string.Join(',', ProtectedFiles.Patterns.Select(static pattern => $"Edit({pattern})")),
            ]);
        }

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

    public IEnumerable<TranscriptEntry> Transcribe(JsonElement line) => StreamJsonTranscript.Of(line);

    public void Read(JsonElement line, AgentEvents events)
    {
        switch (line.Text("type"))
        {
            case "system":
                events.Session(line.Text("session_id"));
                if (line.Text("subtype") == "init")
                {
                    events.BeginTurn();
                }
                else if (line.Text("subtype") == "api_retry")
                {
                    // It tries again by itself, for minutes, whatever the status.
                    var status = line.Count("error_status");
                    events.Failed(line.Text("error"), status, isUnreachable: status is null);
                }

                ReadTasks(line, events);
                break;
            case "user" when line.Items("message", "content").Any(static part => part.Text("type") == "tool_result"):
                // What a tool gave back: the turn goes on.
                events.Worked();
                break;
            case "assistant":
                events.Session(line.Text("session_id"));
                if (!line.IsThere("error"))
                {
                    events.Worked();
                }

                foreach (var part in line.Items("message", "content").Where(static part => part.Text("type") == "text"))
                {
                    events.Say(part.Text("text"));
                }

                if (Usage(line.At("message", "usage")) is var (input, output, cached))
                {
                    events.MessageTokens(line.Text("message", "id"), input, output, cached);
                }

                if (line.IsThere("error"))
                {
                    var error = line.Text("error");
                    var words = line.Items("message", "content")
                        .Select(static part => part.Text("text"))
                        .FirstOrDefault(static text => text is not null);
                    events.Failed(words ?? error, isSignedOut: error is SignedOut);
                    if (error is RateLimit)
                    {
                        events.LimitReached(RateLimit, resetsAt: null);
                    }
                }

                break;
            case "rate_limit_event" when line.At("rate_limit_info") is { } info:
                if (info.Text("status") == "rejected")
                {
                    events.LimitReached(info.Text("rateLimitType"), info.UnixSeconds("resetsAt"));
                }
                else if (info.Text("status")?.StartsWith("allowed", StringComparison.Ordinal) == true)
                {
                    events.LimitLifted(info.Text("rateLimitType"));
                }

                break;
            case "result":
                ReadResult(line, events);
                break;
        }
    }

    // Background tasks outlive the turn that began them, and a further turn follows when they end.
    private static void ReadTasks(JsonElement line, AgentEvents events)
    {
        switch (line.Text("subtype"))
        {
            case "task_started":
                events.BeginTask(line.Text("task_id"));
                break;
            case "task_notification" or "task_completed":
                events.EndTask(line.Text("task_id"));
                break;
            case "task_updated" when line.Text("patch", "status") is "completed" or "failed" or "killed" or "stopped":
                events.EndTask(line.Text("task_id"));
                break;
            case "background_tasks_changed":
                events.SetTasks(line.Items("tasks").Select(static task => task.Text("task_id") ?? task.Text("id") ?? ""));
                break;
        }
    }

    // Its input_tokens leaves out what went through the cache.
    private static (long Input, long? Output, long Cached)? Usage(JsonElement? usage) =>
        usage is { } told && told.Whole("input_tokens") is { } input && (told.Whole("cache_read_input_tokens") ?? 0) is var cached
            ? (input + cached + (told.Whole("cache_creation_input_tokens") ?? 0), told.Whole("output_tokens"), cached)
            : null;

    private static void ReadResult(JsonElement line, AgentEvents events)
    {
        events.Session(line.Text("session_id"));
        events.TotalCost(line.Real("total_cost_usd"));
        if (Usage(line.At("usage")) is var (input, output, cached))
        {
            events.TotalTokens(input, output, cached);
        }

        foreach (var denial in line.Items("permission_denials"))
        {
            events.Denied(denial.Text("tool_name"));
        }

        events.End(StreamJsonResult.Read(line));
    }

    // Claude Code refuses every tool that is not allowed when nobody is there to ask, so the mode's groups are the limit.
    private static IEnumerable<string> Tools(Mode mode, IReadOnlyList<EditPattern>? edits)
    {
        foreach (var group in mode.Groups.Select(static group => group.Name).Distinct(StringComparer.Ordinal))
        {
            string[] tools = group switch
            {
                ModeGroup.Read => ["Read", "Grep", "Glob"],
                ModeGroup.Edit when edits is not null => [.. edits.Select(static pattern => $"Edit({pattern.ToGitIgnore()})")],
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
