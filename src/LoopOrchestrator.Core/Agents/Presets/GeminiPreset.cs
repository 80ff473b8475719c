using System.Text.Json;
using LoopOrchestrator.Core.Agents.Events;

namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>Gemini CLI (<c>gemini -o stream-json</c>).</summary>
/// <remarks>
/// Seen with 0.61.0: the call with the prompt on standard input, <c>init</c>, <c>message</c>, <c>tool_use</c>, <c>tool_result</c>,
/// <c>result</c>, and the
/// way back in the settings of a home of its own (<see cref="GeminiHome"/>), as root and as another user. Only read, in the program: the
/// error types of its tools. It names no type for a used-up quota that differs from other errors, so none is noted.
/// </remarks>
internal sealed class GeminiPreset : IAgentPreset
{
    public string Name => "gemini";

    public double? FirstAnswerSeconds => 300;

    public ResultRules Results { get; } =
        new()
        {
            AlwaysSendsResult = true,
            ErrorPrefixes = ["[API Error"],
            UnreachablePrefixes = ["[API Error: fetch failed", "[API Error: exception TypeError: fetch failed"],
            ExitCodeIsHttpStatus = true,
            SignInExitCode = 41,
            VerifiedVersion = "0.61.0",
        };

    public EditRules Edits { get; } = new() { DeniedBy = "`--admin-policy`", HoldsFileRegex = true };

    public IReadOnlyList<string> Variables => ["GEMINI_*", "GOOGLE_*"];

    public IReadOnlyList<string> SessionVariables =>
        [
            "GEMINI_CLI",
            "GEMINI_CLI_AGENT_ID",
            "GEMINI_CLI_IDE_*",
            "GEMINI_CLI_NO_RELAUNCH",
            "GEMINI_CLI_SESSION_ID",
            "GEMINI_CLI_SURFACE",
            "GEMINI_PROJECT_DIR",
            "GEMINI_SESSION_ID",
        ];

    public IReadOnlyList<CloudAccess> CloudAccesses =>
        [
            Clouds.Google(
                "GOOGLE_GENAI_USE_VERTEXAI",
                ["GOOGLE_CLOUD_PROJECT", "GOOGLE_API_KEY"],
                ["GOOGLE_CLOUD_LOCATION", "GOOGLE_API_KEY"]
            ),
        ];

    public AgentInvocation Build(AgentCall call)
    {
        List<string> arguments =
        [
            "-o",
            "stream-json",
            "--skip-trust",
            "--approval-mode",
            call.MayCommand ? "yolo"
            : call.MayEdit ? "auto_edit"
            : "default",
        ];
        if (call.Agent.Model is { } model)
        {
            arguments.AddRange(["-m", model]);
        }

        var settings = call.Server.ToJson(
            static writer => writer.WriteBoolean("trust", true),
            writer =>
            {
                writer.WriteStartObject("tools");
                McpServerCommand.WriteList(writer, "exclude", Excluded(call));
                writer.WriteEndObject();
            }
        );
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal) { [call.Folder.McpConfig] = settings };
        if (call.MayEdit)
        {
            var policy = Path.Combine(call.Folder.FullPath, "policy.toml");
            files[policy] = GeminiPolicy.Write(call);
            arguments.AddRange(["--admin-policy", policy]);
        }

        return GeminiHome.AddTo(new AgentInvocation([.. arguments, .. call.Agent.Arguments]) { Files = files }, call, settings);
    }

    public IEnumerable<TranscriptEntry> Transcribe(JsonElement line) =>
        line.Text("type") switch
        {
            "message" when line.Text("role") == "assistant" => [TranscriptEntry.Said(line.Text("content"), line.IsTrue("delta"))],
            "tool_use" => [TranscriptEntry.Tool(line.Text("tool_name"), ToolArguments.Of(line.At("parameters")))],
            "tool_result" =>
            [
                line.Text("error", "message") is { } error
                    ? TranscriptEntry.Gave(error, isError: true)
                    : TranscriptEntry.Gave(ToolArguments.Result(line.At("output"))),
            ],
            "error" => [TranscriptEntry.Error(line.Text("message"))],
            "result" => [TranscriptEntry.End(line.Text("error", "message") ?? line.Text("status"))],
            _ => [],
        };

    public void Read(JsonElement line, AgentEvents events)
    {
        switch (line.Text("type"))
        {
            case "init":
                events.Session(line.Text("session_id"));
                events.BeginTurn();
                break;
            case "error":
                events.Failed(line.Text("message"));
                break;
            case "message" when line.Text("role") == "assistant":
                events.Worked();
                if (line.IsTrue("delta"))
                {
                    events.SayMore(line.Text("content"));
                }
                else
                {
                    events.Say(line.Text("content"));
                }

                break;
            case "tool_use":
                events.Worked();
                events.BeginMessage();
                break;
            case "tool_result" when line.Text("error", "type") is "policy_violation" or "permission_denied":
                events.Denied(line.Text("tool_name") ?? line.Text("tool_id"));
                break;
            case "result":
                events.TotalTokens(
                    line.Whole("stats", "input_tokens"),
                    line.Whole("stats", "output_tokens"),
                    line.Whole("stats", "cached")
                );
                events.End(line.Text("status") != "success" || line.IsThere("error"), line.Text("error", "message"));
                break;
        }
    }

    private static IEnumerable<string> Excluded(AgentCall call)
    {
        string[] edit = call.MayEdit ? [] : ["replace", "write_file"];
        string[] command = call.MayCommand ? [] : ["run_shell_command"];
        return [.. edit, .. command];
    }
}
