using System.Text;
using System.Text.Json;
using LoopOrchestrator.Core.Agents.Events;

namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>OpenCode (<c>opencode run --format json</c>).</summary>
/// <remarks>
/// Seen with 1.18.33: the call with the prompt on standard input, the way back and permissions through <c>OPENCODE_CONFIG_CONTENT</c>
/// (a configuration beside those of the user and the project), <c>text</c>, <c>tool_use</c>, <c>step_finish</c>, <c>error</c>.
/// It has no result event: the process ends when it is done. While its model's server refuses it for a time it prints nothing and waits,
/// which <c>limits.silenceSeconds</c> bounds.
/// </remarks>
internal sealed class OpenCodePreset : IAgentPreset
{
    /// <summary>The clouds, which it and Kilo know by the begin of a model's name.</summary>
    internal static readonly IReadOnlyList<CloudAccess> ModelClouds =
    [
        Clouds.AmazonModel("amazon-bedrock/"),
        Clouds.GoogleModel("google-vertex"),
        Clouds.AzureModel("azure"),
    ];

    /// <summary>The begin of its error, and of Kilo's, where the model's service cannot be reached.</summary>
    internal const string Unreachable = "Cannot connect to API";

    public string Name => "opencode";

    public double? FirstAnswerSeconds => 300;

    public ResultRules Results { get; } = new() { UnreachablePrefixes = [Unreachable], VerifiedVersion = "1.18.33" };

    public EditRules Edits { get; } = new() { DeniedBy = "`permission.edit`", HoldsFileRegex = true };

    public IReadOnlyList<string> Variables => ["OPENCODE_*", "ANTHROPIC_*", "OPENAI_*", "GEMINI_*", "OPENROUTER_*"];

    public IReadOnlyList<string> SessionVariables =>
        [
            "OPENCODE",
            "OPENCODE_CALLER",
            "OPENCODE_CLIENT",
            "OPENCODE_EDITOR_SSE_PORT",
            "OPENCODE_PID",
            "OPENCODE_PROCESS_ROLE",
            "OPENCODE_RUN_ID",
            "OPENCODE_SESSION_ID",
            "OPENCODE_TERMINAL",
        ];

    public IReadOnlyList<CloudAccess> CloudAccesses => ModelClouds;

    public AgentInvocation Build(AgentCall call) => Build(call, "OPENCODE_CONFIG_CONTENT");

    public IEnumerable<TranscriptEntry> Transcribe(JsonElement line) => TranscribeEvent(line);

    /// <summary>An event in words, for Kilo too.</summary>
    internal static IEnumerable<TranscriptEntry> TranscribeEvent(JsonElement line) =>
        line.Text("type") switch
        {
            "text" => [TranscriptEntry.Said(line.Text("part", "text"))],
            "tool_use" =>
            [
                TranscriptEntry.Tool(line.Text("part", "tool"), ToolArguments.Of(line.At("part", "state", "input"))),
                line.Text("part", "state", "status") == "error"
                    ? TranscriptEntry.Gave(line.Text("part", "state", "error"), isError: true)
                    : TranscriptEntry.Gave(ToolArguments.Result(line.At("part", "state", "output"))),
            ],
            "error" =>
            [
                TranscriptEntry.Error(
                    line.Text("error", "data", "message") ?? line.Text("error", "name"),
                    line.Whole("error", "data", "statusCode")
                ),
            ],
            "step_finish" when line.Text("part", "reason") is not ("stop" or "tool-calls" or null) and var reason =>
            [
                TranscriptEntry.End(reason),
            ],
            _ => [],
        };

    public void Read(JsonElement line, AgentEvents events) => ReadEvent(line, events);

    /// <summary>The call, which Kilo takes in the same form.</summary>
    internal static AgentInvocation Build(AgentCall call, string configurationVariable)
    {
        List<string> arguments = ["run", "--format", "json"];
        if (call.Agent.Model is { } model)
        {
            arguments.AddRange(["-m", model]);
        }

        return new AgentInvocation([.. arguments, .. call.Agent.Arguments])
        {
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [configurationVariable] = Encoding.UTF8.GetString(Configuration(call)),
            },
        };
    }

    /// <summary>An event, which Kilo prints in the same form.</summary>
    internal static void ReadEvent(JsonElement line, AgentEvents events)
    {
        events.Session(line.Text("sessionID"));
        switch (line.Text("type"))
        {
            case "step_start":
                events.Worked();
                events.BeginTurn();
                break;
            case "tool_use":
                events.Worked();
                break;
            case "text":
                events.Worked();
                events.Say(line.Text("part", "text"));
                break;
            case "step_finish":
                events.Worked();
                events.AddCost(line.Real("part", "cost"));
                var cached = line.Whole("part", "tokens", "cache", "read") ?? 0;
                var input = (line.Whole("part", "tokens", "input") ?? 0) + cached + (line.Whole("part", "tokens", "cache", "write") ?? 0);
                var output = (line.Whole("part", "tokens", "output") ?? 0) + (line.Whole("part", "tokens", "reasoning") ?? 0);
                events.AddTokens(input, output, cached);
                events.EndTurn();
                switch (line.Text("part", "reason"))
                {
                    case "stop" or "unknown" or "other":
                        // Some model services tell no better reason at the end of an answer; the exit code decides then.
                        break;
                    case "tool-calls":
                        // It then takes a further step by itself.
                        events.Failed("it ended after a step that another one was to follow", status: null, isSignedOut: false);
                        break;
                    case "content-filter":
                        events.Failed("the model's service held back the answer (content-filter)", status: null, isSignedOut: false);
                        break;
                    case "length":
                        events.Failed("the answer was cut off at the model's limit (length)", status: null, isSignedOut: false);
                        break;
                    case var other:
                        events.Failed(
                            $"its last step ended in a way that is not known ({other ?? "no reason told"})",
                            status: null,
                            isSignedOut: false
                        );
                        break;
                }

                break;
            case "error":
                // It tries again by itself; only an error that nothing follows is its end.
                var status = line.Count("error", "data", "statusCode");
                if (status == 429)
                {
                    events.LimitReached("rate_limit", resetsAt: null);
                }

                var name = line.Text("error", "name");
                events.Failed(line.Text("error", "data", "message") ?? name, status, isSignedOut: name == "ProviderAuthError");
                break;
        }
    }

    private static byte[] Configuration(AgentCall call) =>
        McpServerCommand.Write(writer =>
        {
            writer.WriteStartObject("mcp");
            writer.WriteStartObject(McpServerCommand.Name);
            writer.WriteString("type", "local");
            McpServerCommand.WriteList(writer, "command", [call.Server.Program, .. call.Server.Arguments]);
            call.Server.WriteVariables(writer, "environment");
            writer.WriteBoolean("enabled", true);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteStartObject("permission");
            if (call.MayEdit)
            {
                OpenCodeEdits.Write(writer, call);
            }
            else
            {
                writer.WriteString("edit", "deny");
            }

            writer.WriteString("bash", call.MayCommand ? "allow" : "deny");
            writer.WriteEndObject();
        });
}
