using System.Text.Json;
using LoopOrchestrator.Core.Agents.Events;

namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>GitHub Copilot CLI (<c>copilot --output-format json</c>).</summary>
/// <remarks>
/// Seen with 1.0.102, with a model of one's own (<c>COPILOT_PROVIDER_BASE_URL</c>): the call with the prompt on standard input, the way
/// back,
/// <c>assistant.message</c>, <c>session.error</c> on a refusal (<c>errorType</c> <c>rate_limit</c>), <c>result</c>. Only read:
/// <c>assistant.usage</c>
/// and <c>permission.completed</c>. It tells premium requests instead of a cost, and no reset of a limit.
/// </remarks>
internal sealed class CopilotPreset : IAgentPreset
{
    public string Name => "copilot";

    public ResultRules Results { get; } =
        new()
        {
            AlwaysSendsResult = true,
            UnreachablePrefixes = ["Could not connect to"],
            VerifiedVersion = "1.0.102",
        };

    public EditRules Edits { get; } = new() { DeniedBy = "`--deny-tool`" };

    public IReadOnlyList<string> Variables => ["COPILOT_*", "GH_TOKEN", "GH_HOST", "GITHUB_TOKEN"];

    public IReadOnlyList<string> SessionVariables =>
        ["COPILOT_CLI", "COPILOT_AGENT_SESSION_ID", "COPILOT_LOADER_PID", "COPILOT_RUN_APP", "COPILOT_SESSION_ID"];

    public AgentInvocation Build(AgentCall call)
    {
        List<string> arguments =
        [
            "--output-format",
            "json",
            "--session-id",
            call.SessionId.ToString(),
            "--additional-mcp-config",
            "@" + call.Folder.McpConfig,
            "--allow-all-tools",
        ];
        foreach (var rule in call.MayEdit ? Denied(call.WorkingFolder) : ["write"])
        {
            arguments.AddRange(["--deny-tool", rule]);
        }

        if (!call.MayCommand)
        {
            arguments.AddRange(["--deny-tool", "shell"]);
        }

        if (call.Agent.Model is { } model)
        {
            arguments.AddRange(["--model", model]);
        }

        return new AgentInvocation([.. arguments, .. call.Agent.Arguments])
        {
            Files = new Dictionary<string, byte[]>(StringComparer.Ordinal) { [call.Folder.McpConfig] = call.Server.ToJson() },
        };
    }

    // A relative path means one of that end in any folder, so they are absolute. Below .git its rules hold only without what stands
    // before it.
    private static IEnumerable<string> Denied(string workingFolder) =>
        [
            .. ProtectedFiles.Files.Select(file => $"write({Path.Combine(workingFolder, file)})"),
            .. ProtectedFiles
                .Folders.Select(folder => folder == ProtectedFiles.Git ? $"**/{folder}" : Path.Combine(workingFolder, folder))
                .Select(static folder => $"write({folder}/**)"),
        ];

    public IEnumerable<TranscriptEntry> Transcribe(JsonElement line) =>
        line.Text("type") switch
        {
            "assistant.message" => [TranscriptEntry.Said(line.Text("data", "content"))],
            "tool.execution_start" => [TranscriptEntry.Tool(line.Text("data", "toolName"), ToolArguments.Of(line.At("data", "arguments")))],
            "tool.execution_complete" =>
            [
                line.Text("data", "error", "message") is { } error
                    ? TranscriptEntry.Gave(error, isError: true)
                    : TranscriptEntry.Gave(ToolArguments.Result(line.At("data", "result", "content"))),
            ],
            "model.call_failure" => [TranscriptEntry.Error(line.Text("data", "errorMessage"), line.Whole("data", "statusCode"))],
            "session.error" => [TranscriptEntry.Error(line.Text("data", "message"), line.Whole("data", "statusCode"))],
            "result" => [TranscriptEntry.End(line.Whole("exitCode") is { } code ? $"exit code {code}" : null)],
            _ => [],
        };

    public void Read(JsonElement line, AgentEvents events)
    {
        switch (line.Text("type"))
        {
            case "tool.execution_start" or "tool.execution_complete":
                events.Worked();
                break;
            case "assistant.message":
                events.Worked();
                events.Say(line.Text("data", "content"));
                break;
            case "assistant.usage":
                events.AddTokens(
                    line.Whole("data", "inputTokens"),
                    line.Whole("data", "outputTokens"),
                    line.Whole("data", "cacheReadTokens")
                );
                break;
            case "model.call_start" or "model.call_finished" or "assistant.turn_retry":
                events.Waits();
                break;
            case "model.call_failure":
                // It tries again by itself.
                events.Failed(
                    line.Text("data", "errorMessage"),
                    line.Count("data", "statusCode"),
                    isUnreachable: line.Text("data", "failureKind") == "transport"
                );
                break;
            case "session.error":
                if (line.Text("data", "errorType") is ("rate_limit" or "quota") and var kind)
                {
                    events.LimitReached(kind, resetsAt: null);
                }

                events.Say(line.Text("data", "message"));
                events.Failed(line.Text("data", "message"), line.Count("data", "statusCode"));
                break;
            case "permission.completed" when line.Text("data", "result", "kind")?.StartsWith("denied", StringComparison.Ordinal) == true:
                events.Denied(line.Text("data", "permissionRequest", "kind") ?? line.Text("data", "result", "kind"));
                break;
            case "result":
                events.Session(line.Text("sessionId"));
                events.End(line.Whole("exitCode") != 0, text: null);
                break;
        }
    }
}
