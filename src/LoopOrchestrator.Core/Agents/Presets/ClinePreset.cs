using System.Globalization;
using System.Text.Json;
using LoopOrchestrator.Core.Agents.Events;

namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>Cline CLI (<c>cline --json</c>).</summary>
/// <remarks>
/// Seen with 3.0.65: the call, the way back through <c>CLINE_MCP_SETTINGS_PATH</c>, <c>agent_event</c> with <c>usage</c> and
/// <c>content_end</c>,
/// <c>run_result</c>. The prompt is one argument, for with <c>--json</c> it takes none from standard input, though its message says so. It
/// has no way to forbid single tools: a mode without edit and command runs in its plan mode. A refusing server is retried without an event.
/// </remarks>
internal sealed class ClinePreset : IAgentPreset
{
    private const int ServerSeconds = 120;

    public string Name => "cline";

    public ResultRules Results { get; } =
        new()
        {
            AlwaysSendsResult = true,
            UnreachablePrefixes = ["Cannot connect to API"],
            VerifiedVersion = "3.0.65",
        };

    public IReadOnlyList<string> Variables => ["CLINE_*", "ANTHROPIC_*", "OPENAI_*", "GEMINI_*", "OPENROUTER_*"];

    public IReadOnlyList<string> SessionVariables => ["CLINE_ACTIVE", "CLINE_RUN_AS_HUB_DAEMON", "CLINE_SESSION_ID", "CLINE_TASK_ID"];

    public AgentInvocation Build(AgentCall call)
    {
        List<string> arguments = ["--json", "--auto-approve", "true", "-t", call.TimeoutSeconds.ToString(CultureInfo.InvariantCulture)];
        if (!call.MayEdit && !call.MayCommand)
        {
            arguments.Add("-p");
        }

        if (call.Agent.Model is { } model)
        {
            arguments.AddRange(["-m", model]);
        }

        // Behind "--", so that no brief can be an option.
        return new AgentInvocation([.. arguments, .. call.Agent.Arguments, "--", call.BriefArgument])
        {
            BriefOnInput = false,
            Files = new Dictionary<string, byte[]>(StringComparer.Ordinal)
            {
                [call.Folder.McpConfig] = call.Server.ToJson(static writer =>
                    // Else it waits for a server for 2.5 s only, and goes on without it.
                    writer.WriteNumber("timeout", ServerSeconds)
                ),
            },
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["CLINE_MCP_SETTINGS_PATH"] = call.Folder.McpConfig,

                // Else it starts a process that other runs share, and that would end with this one.
                ["CLINE_SESSION_BACKEND_MODE"] = "local",
            },
        };
    }

    public IEnumerable<TranscriptEntry> Transcribe(JsonElement line) =>
        line.Text("type") switch
        {
            "agent_event" when line.At("event") is { } inner => TranscribeInner(inner),
            "run_result" => [TranscriptEntry.SaidAtLast(line.Text("text")), TranscriptEntry.End(line.Text("finishReason"))],
            _ => [],
        };

    public void Read(JsonElement line, AgentEvents events)
    {
        switch (line.Text("type"))
        {
            case "hook_event":
                events.Session(line.Text("taskId"));
                break;
            case "agent_event" when line.At("event") is { } inner:
                ReadInner(inner, events);
                break;
            case "run_result":
                ReadUsage(line.At("aggregateUsage") ?? line.At("usage"), "inputTokens", "outputTokens", "cacheReadTokens", events);
                events.End(line.Text("finishReason") != "completed", line.Text("text"), line.Count("iterations"));
                break;
        }
    }

    private static IEnumerable<TranscriptEntry> TranscribeInner(JsonElement inner) =>
        (inner.Text("type"), inner.Text("contentType")) switch
        {
            ("content_end", "text") => [TranscriptEntry.Said(inner.Text("text"))],
            ("content_start", "tool") => [TranscriptEntry.Tool(inner.Text("toolName"), ToolArguments.Of(inner.At("input")))],
            ("content_end", "tool") =>
            [
                inner.Text("error") is { } error
                    ? TranscriptEntry.Gave(error, isError: true)
                    : TranscriptEntry.Gave(ToolArguments.Result(inner.At("output"))),
            ],
            ("error", _) => [TranscriptEntry.Error(inner.Text("error", "message"))],
            _ => [],
        };

    private static void ReadInner(JsonElement inner, AgentEvents events)
    {
        switch (inner.Text("type"))
        {
            case "content_start":
                events.Worked();
                break;
            case "content_end" when inner.Text("contentType") == "text":
                events.Worked();
                events.Say(inner.Text("text"));
                break;
            case "error":
                events.Failed(inner.Text("error", "message"), isSignedOut: inner.Text("errorClass") == "auth");
                break;
            case "usage":
                ReadUsage(inner, "totalInputTokens", "totalOutputTokens", "totalCacheReadTokens", events);
                break;
        }
    }

    private static void ReadUsage(JsonElement? usage, string input, string output, string cached, AgentEvents events)
    {
        if (usage is { } value)
        {
            events.TotalCost(value.Real("totalCost"));
            events.TotalTokens(value.Whole(input), value.Whole(output), value.Whole(cached));
        }
    }
}
