using System.Globalization;
using System.Text.Json;
using LoopOrchestrator.Core.Agents.Events;

namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>Qwen Code (<c>qwen -o stream-json</c>), whose events have the form of Claude Code's.</summary>
/// <remarks>
/// Seen with 0.24.4 and 0.15.10: the call with the prompt on standard input, the way back through <c>--mcp-config</c> (its model finds MCP
/// tools by
/// <c>tool_search</c>), <c>system/init</c>, <c>assistant</c>, <c>result</c>. It takes only random ids for a session, so it
/// chooses its own; it tells no cost, and retries a refusing server without an event.
/// </remarks>
internal sealed class QwenPreset : IAgentPreset
{
    private const string ApiError = "[API Error";

    public string Name => "qwen";

    public double? FirstAnswerSeconds => 300;

    public ResultRules Results { get; } =
        new()
        {
            AlwaysSendsResult = true,
            ErrorPrefixes = [ApiError],
            UnreachablePrefixes = [ApiError + ": Connection error", ApiError + ": fetch failed"],
            SignInPrefixes = ["No auth type is selected"],
            VerifiedVersion = "0.24.4",
        };

    public EditRules Edits { get; } = new() { DeniedBy = "`--exclude-tools`" };

    public IReadOnlyList<string> Variables => ["QWEN_*", "DASHSCOPE_*", "BAILIAN_*", "OPENAI_*"];

    public IReadOnlyList<string> SessionVariables =>
        [
            "QWEN_CODE",
            "QWEN_CODE_AGENT_ID",
            "QWEN_CODE_IDE_*",
            "QWEN_CODE_LAUNCHER_*",
            "QWEN_CODE_NO_RELAUNCH",
            "QWEN_CODE_PRIVATE_*",
            "QWEN_CODE_PROJECT_DIR",
            "QWEN_CODE_RELAUNCH_ARGS",
            "QWEN_CODE_SESSION_ID",
            "QWEN_PROJECT_DIR",
        ];

    public AgentInvocation Build(AgentCall call)
    {
        var agent = call.Agent;
        List<string> arguments =
        [
            "-o",
            "stream-json",
            "--approval-mode",
            call.MayCommand ? "yolo"
            : call.MayEdit ? "auto-edit"
            : "default",
            "--mcp-config",
            call.Folder.McpConfig,
            "--allowed-tools",
            $"mcp__{McpServerCommand.Name}",
        ];
        string[] excluded =
        [
            .. call.MayEdit ? (string[])[] : ["edit", "write_file"],
            .. call.MayCommand ? (string[])[] : ["run_shell_command"],
        ];
        string[] denied = call.MayEdit ? [.. ProtectedFiles.Patterns.Select(static pattern => $"Edit({pattern})")] : [];
        foreach (var tool in excluded.Concat(denied))
        {
            arguments.AddRange(["--exclude-tools", tool]);
        }

        if (agent.Model is { } model)
        {
            arguments.AddRange(["-m", model]);
        }

        if (agent.MaxTurns is { } turns)
        {
            arguments.AddRange(["--max-session-turns", turns.ToString(CultureInfo.InvariantCulture)]);
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

                break;
            case "user" when line.Items("message", "content").Any(static part => part.Text("type") == "tool_result"):
                events.Worked();
                break;
            case "assistant":
                events.Session(line.Text("session_id"));
                var texts = line.Items("message", "content").Where(static part => part.Text("type") == "text").ToList();
                if (texts is [var only] && only.Text("text")?.StartsWith(ApiError, StringComparison.Ordinal) == true)
                {
                    // It says by itself, in the place of an answer, that there is none.
                    events.Failed(only.Text("text"));
                    break;
                }

                events.Worked();
                foreach (var part in texts)
                {
                    events.Say(part.Text("text"));
                }

                events.MessageTokens(
                    line.Text("message", "id"),
                    line.Whole("message", "usage", "input_tokens"),
                    line.Whole("message", "usage", "output_tokens"),
                    line.Whole("message", "usage", "cache_read_input_tokens")
                );
                break;
            case "result":
                events.Session(line.Text("session_id"));
                events.TotalTokens(
                    line.Whole("usage", "input_tokens"),
                    line.Whole("usage", "output_tokens"),
                    line.Whole("usage", "cache_read_input_tokens")
                );
                foreach (var denial in line.Items("permission_denials"))
                {
                    events.Denied(denial.Text("tool_name"));
                }

                events.End(StreamJsonResult.Read(line, line.Text("error", "message")));
                break;
        }
    }
}
