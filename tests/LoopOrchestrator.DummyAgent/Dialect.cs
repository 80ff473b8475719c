using System.Text.Json;

namespace LoopOrchestrator.DummyAgent;

/// <summary>
/// The structured events of one agent program, as far as a run needs them: at its beginning, when a tool is refused, when its usage limit
/// is
/// reached, and at its end. <c>@session</c> and <c>@text</c> are put in as JSON texts.
/// </summary>
internal sealed record Dialect(string[] Begin, string[] Denied, string[] Limited, string[] Success, string[] Error)
{
    private static readonly Dictionary<string, Dialect> All = new(StringComparer.Ordinal)
    {
        ["claude"] = new(
            [
                """{"type":"system","subtype":"init","session_id":@session,"model":"dummy","tools":[]}""",
                """{"type":"assistant","session_id":@session,"message":{"role":"assistant","content":[{"type":"text","text":"I look around."}]}}""",
            ],
            [
                """{"type":"user","session_id":@session,"message":{"role":"user","content":[{"type":"tool_result","is_error":true,"content":"refused"}]}}""",
            ],
            [
                """{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":1893456000,"rateLimitType":"five_hour"},"session_id":@session}""",
            ],
            [
                """{"type":"result","subtype":"success","is_error":false,"result":@text,"num_turns":2,"total_cost_usd":0.0421,"usage":{"input_tokens":10,"cache_read_input_tokens":30,"output_tokens":5},"permission_denials":[{"tool_name":"Bash","tool_input":{"command":"ls"}}],"session_id":@session}""",
            ],
            [
                """{"type":"result","subtype":"error_during_execution","is_error":true,"result":@text,"num_turns":2,"total_cost_usd":0.0421,"session_id":@session}""",
            ]
        ),
        ["codex"] = new(
            [
                """{"type":"thread.started","thread_id":@session}""",
                """{"type":"turn.started"}""",
                """{"type":"item.completed","item":{"id":"item_0","type":"reasoning","text":"hm"}}""",
            ],
            [],
            [],
            [
                """{"type":"item.completed","item":{"id":"item_1","type":"agent_message","text":@text}}""",
                """{"type":"turn.completed","usage":{"input_tokens":40,"cached_input_tokens":30,"output_tokens":5}}""",
            ],
            ["""{"type":"error","message":@text}""", """{"type":"turn.failed","error":{"message":@text}}"""]
        ),
        ["opencode"] = OpenCode(),
        ["kilo"] = OpenCode(),
        ["gemini"] = new(
            [
                """{"type":"init","session_id":@session,"model":"dummy"}""",
                """{"type":"message","role":"assistant","content":"I look ","delta":true}""",
                """{"type":"message","role":"assistant","content":"around.","delta":true}""",
            ],
            [
                """{"type":"tool_use","tool_name":"run_shell_command","tool_id":"shell-1"}""",
                """{"type":"tool_result","tool_id":"shell-1","status":"error","error":{"type":"policy_violation","message":"refused"}}""",
            ],
            [],
            [
                """{"type":"tool_use","tool_name":"read_file","tool_id":"read-1"}""",
                """{"type":"message","role":"assistant","content":@text,"delta":true}""",
                """{"type":"result","status":"success","stats":{"total_tokens":45,"input_tokens":40,"output_tokens":5,"cached":30}}""",
            ],
            ["""{"type":"result","status":"error","error":{"type":"FatalError","message":@text},"stats":{}}"""]
        ),
        ["cline"] = new(
            [
                """{"type":"hook_event","hookEventName":"agent_start","taskId":@session}""",
                """{"type":"agent_event","event":{"type":"iteration_start","iteration":1}}""",
            ],
            [],
            [],
            [
                """{"type":"agent_event","event":{"type":"content_end","contentType":"text","text":@text}}""",
                """{"type":"run_result","finishReason":"completed","iterations":2,"aggregateUsage":{"inputTokens":40,"outputTokens":5,"cacheReadTokens":30,"totalCost":0.0421},"text":@text}""",
            ],
            ["""{"type":"run_result","finishReason":"error","text":@text}"""]
        ),
        ["copilot"] = new(
            [
                """{"type":"assistant.turn_start","data":{"turnId":"0"}}""",
                """{"type":"assistant.usage","data":{"inputTokens":40,"outputTokens":5,"cacheReadTokens":30}}""",
            ],
            ["""{"type":"permission.completed","data":{"result":{"kind":"denied-by-rules"}}}"""],
            ["""{"type":"session.error","data":{"errorType":"rate_limit","message":"slow down","statusCode":429}}"""],
            [
                """{"type":"assistant.message","data":{"content":@text,"toolRequests":[]}}""",
                """{"type":"result","sessionId":@session,"exitCode":0}""",
            ],
            [
                """{"type":"session.error","data":{"errorType":"unknown","message":@text}}""",
                """{"type":"result","sessionId":@session,"exitCode":1}""",
            ]
        ),
        ["qwen"] = new(
            ["""{"type":"system","subtype":"init","session_id":@session}"""],
            [],
            [],
            [
                """{"type":"result","subtype":"success","is_error":false,"result":@text,"num_turns":2,"usage":{"input_tokens":40,"cache_read_input_tokens":30,"output_tokens":5},"permission_denials":[{"tool_name":"edit"}],"session_id":@session}""",
            ],
            ["""{"type":"result","subtype":"error_during_execution","is_error":true,"error":{"message":@text},"session_id":@session}"""]
        ),
    };

    /// <summary>Prints the events of one moment of a dialect: begin, denied, limited, success or error.</summary>
    public static void Print(string dialect, string moment, string text, IReadOnlyList<string> options)
    {
        var events = All[dialect];
        var lines = moment switch
        {
            "begin" => events.Begin,
            "denied" => events.Denied,
            "limited" => events.Limited,
            "success" => events.Success,
            "error" => events.Error,
            _ => throw new ArgumentException($"There is no moment '{moment}'.", nameof(moment)),
        };
        var session = Option.Value(options, "--session-id") ?? $"{dialect}-session";
        foreach (var line in lines)
        {
            Console.WriteLine(
                line.Replace("@session", Quote(session), StringComparison.Ordinal).Replace("@text", Quote(text), StringComparison.Ordinal)
            );
        }
    }

    private static Dialect OpenCode() =>
        new(
            [
                """{"type":"step_start","sessionID":@session,"part":{"type":"step-start"}}""",
                """{"type":"text","sessionID":@session,"part":{"type":"text","text":"I look around."}}""",
            ],
            [],
            ["""{"type":"error","sessionID":@session,"error":{"name":"APIError","data":{"message":"slow down","statusCode":429}}}"""],
            [
                """{"type":"text","sessionID":@session,"part":{"type":"text","text":@text}}""",
                """{"type":"step_finish","sessionID":@session,"part":{"reason":"stop","cost":0.0421,"tokens":{"input":10,"output":4,"reasoning":1,"cache":{"read":30,"write":0}}}}""",
            ],
            ["""{"type":"error","sessionID":@session,"error":{"name":"UnknownError","data":{"message":@text}}}"""]
        );

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
