using System.Text;
using CsCheck;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Events;
using LoopOrchestrator.Core.Agents.Presets;
using LoopOrchestrator.Core.Agents.Results;

namespace LoopOrchestrator.Core.Tests.Agents.Events;

public sealed class AgentEventsTests
{
    private const string SoundResult =
        """{"type":"result","subtype":"success","is_error":false,"num_turns":3,"result":"done ✔","session_id":"s-1","total_cost_usd":0.25,"usage":{"input_tokens":5,"cache_read_input_tokens":70,"cache_creation_input_tokens":3,"output_tokens":9},"permission_denials":[{"tool_name":"Bash","tool_input":{}},{"tool_name":"Bash"}]}""";

    public static TheoryData<string> Presets => [.. AgentPresets.Names];

    [Fact]
    public void Claude_WholeTurn_TellsEverything()
    {
        var account = Read(
            "claude",
            """{"type":"system","subtype":"init","session_id":"s-0","model":"m"}""",
            """{"type":"assistant","session_id":"s-0","message":{"content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"I look."}]}}""",
            SoundResult
        );

        account
            .Should()
            .BeEquivalentTo(
                new AgentAccount
                {
                    HasWorked = true,
                    Result = new AgentResult(IsError: false, "done ✔", 3),
                    LastText = "I look.",
                    CostUsd = 0.25,
                    Tokens = new AgentTokens(78, 9, 70),
                    SessionId = "s-1",
                    DeniedPermissions = ["Bash"],
                }
            );
    }

    /// <summary>A budget can end a run while it works only by what is told while it works.</summary>
    [Theory]
    [InlineData("claude")]
    [InlineData("qwen")]
    public void Messages_TellTokensBeforeTheResult_EachMessageOnce(string preset)
    {
        static string Message(string id, int input, int output) =>
            $$$"""{"type":"assistant","message":{"id":"{{{id}}}","content":[],"usage":{"input_tokens":{{{input}}},"output_tokens":{{{output}}} } } }""";
        static string Result(int input, int output) =>
            $$$"""{"type":"result","subtype":"success","is_error":false,"num_turns":1,"result":"done","usage":{"input_tokens":{{{input}}},"output_tokens":{{{output}}} } }""";
        string[] messages = [Message("a", 100, 1), Message("a", 100, 20), Message("b", 200, 5)];

        Read(preset, messages)!.Tokens.Should().Be(new AgentTokens(300, 25, 0));
        Read(preset, [.. messages, Message("a", 100, 30), Message("b", 200, 5)])!
            .Tokens.Should()
            .Be(new AgentTokens(300, 35, 0), "agents that work side by side tell in any order");
        var longId = new string('x', 500);
        Read(preset, Message(longId, 100, 1), Message(longId, 100, 1))!.Tokens.Should().Be(new AgentTokens(100, 1, 0));
        Read(preset, [.. messages, Result(320, 40)])!.Tokens.Should().Be(new AgentTokens(320, 40, 0), "the whole is told at the end");
        Read(preset, [.. messages, Result(4, 1)])!.Tokens.Should().Be(new AgentTokens(300, 25, 0), "what was used does not become less");
    }

    [Fact]
    public void TotalCost_ThatBecomesLess_StaysWhatItWas() =>
        Read("claude", SoundResult, SoundResult.Replace("0.25", "0.01", StringComparison.Ordinal))!.CostUsd.Should().Be(0.25);

    [Fact]
    public void Claude_UsageLimit_IsTheOneThatRejectsUntilItAllowsAgain()
    {
        const string rejected =
            """{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":1795500000,"rateLimitType":"five_hour"}}""";
        const string otherAllowed =
            """{"type":"rate_limit_event","rate_limit_info":{"status":"allowed","resetsAt":1795900000,"rateLimitType":"seven_day"}}""";
        const string allowed = """{"type":"rate_limit_event","rate_limit_info":{"status":"allowed_warning","rateLimitType":"five_hour"}}""";

        Read("claude", otherAllowed).Should().BeNull();
        Read("claude", rejected, otherAllowed)!
            .UsageLimit.Should()
            .Be(new AgentUsageLimit("five_hour", DateTimeOffset.FromUnixTimeSeconds(1795500000)));
        Read("claude", rejected, allowed).Should().BeNull();
        Read("claude", """{"type":"assistant","error":"rate_limit","message":{"content":[]}}""")!
            .UsageLimit.Should()
            .Be(new AgentUsageLimit("rate_limit", null));
    }

    [Fact]
    public void Claude_RefusalThatPassed_IsNoUsageLimit()
    {
        const string refused = """{"type":"assistant","error":"rate_limit","message":{"content":[]}}""";
        const string answered = """{"type":"assistant","message":{"content":[{"type":"text","text":"on it"}]}}""";
        const string limit =
            """{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":1795500000,"rateLimitType":"five_hour"}}""";
        Read("claude", refused, answered)!.UsageLimit.Should().BeNull();
        Read("claude", answered, refused)!.UsageLimit.Should().Be(new AgentUsageLimit("rate_limit", null));
        Read("claude", limit, refused)!
            .UsageLimit.Should()
            .Be(
                new AgentUsageLimit("five_hour", DateTimeOffset.FromUnixTimeSeconds(1795500000)),
                "a refusal says less than the limit's own event"
            );
        Read("claude", limit, answered)!.UsageLimit.Should().BeNull("it goes on all the same, for instance on paid usage");
        Read("claude", limit, refused, answered)!.UsageLimit.Should().BeNull();
    }

    [Fact]
    public void Codex_WholeTurn_TellsEverything() =>
        Read(
                "codex",
                """{"type":"thread.started","thread_id":"t-1"}""",
                """{"type":"item.completed","item":{"id":"item_0","type":"error","message":"only a warning"}}""",
                """{"type":"item.completed","item":{"id":"item_1","type":"agent_message","text":"first"}}""",
                """{"type":"item.completed","item":{"id":"item_2","type":"agent_message","text":"all good"}}""",
                """{"type":"turn.completed","usage":{"input_tokens":40,"cached_input_tokens":30,"output_tokens":7,"reasoning_output_tokens":2}}"""
            )
            .Should()
            .BeEquivalentTo(
                new AgentAccount
                {
                    HasWorked = true,
                    Result = new AgentResult(IsError: false),
                    LastText = "all good",
                    SessionId = "t-1",
                    Tokens = new AgentTokens(40, 7, 30),
                }
            );

    [Fact]
    public void Codex_FailedTurn_IsAnErrorWithItsMessageAndItsLimitHasNoMoment()
    {
        var account = Read(
            "codex",
            """{"type":"turn.failed","error":{"message":"You have hit your usage limit, try again at 6:00 AM."}}"""
        );

        account!.Result.Should().Be(new AgentResult(IsError: true, "You have hit your usage limit, try again at 6:00 AM."));
        account.UsageLimit.Should().Be(new AgentUsageLimit("usage_limit", ResetsAt: null));
    }

    [Theory]
    [InlineData("opencode")]
    [InlineData("kilo")]
    public void OpenCodeAndKilo_Steps_AddUp(string preset)
    {
        const string step =
            """{"type":"step_finish","sessionID":"ses_1","part":{"reason":"stop","cost":0.5,"tokens":{"input":10,"output":5,"reasoning":1,"cache":{"read":100,"write":2}}}}""";
        var account = Read(preset, """{"type":"text","sessionID":"ses_1","part":{"type":"text","text":"done"}}""", step, step);

        account
            .Should()
            .BeEquivalentTo(
                new AgentAccount
                {
                    HasWorked = true,
                    LastText = "done",
                    SessionId = "ses_1",
                    CostUsd = 1,
                    Tokens = new AgentTokens(224, 12, 200),
                }
            );
        Read(preset, """{"type":"error","sessionID":"ses_1","error":{"name":"APIError","data":{"message":"no","statusCode":429}}}""")
            .Should()
            .BeEquivalentTo(
                new AgentAccount
                {
                    SessionId = "ses_1",
                    Fault = "no",
                    FaultStatus = 429,
                    UsageLimit = new AgentUsageLimit("rate_limit", null),
                }
            );
        Read(preset, """{"type":"error","error":{"name":"UnknownError"}}""")!.Fault.Should().Be("UnknownError");
    }

    [Fact]
    public void Gemini_WholeTurn_TellsEverything() =>
        Read(
                "gemini",
                """{"type":"init","session_id":"g-1","model":"m"}""",
                """{"type":"message","role":"user","content":"not mine"}""",
                """{"type":"message","role":"assistant","content":"I look","delta":true}""",
                """{"type":"tool_use","tool_name":"replace","tool_id":"replace-1"}""",
                """{"type":"tool_result","tool_id":"replace-1","status":"error","error":{"type":"policy_violation","message":"no"}}""",
                """{"type":"message","role":"assistant","content":"all ","delta":true}""",
                """{"type":"message","role":"assistant","content":"done","delta":true}""",
                """{"type":"result","status":"success","stats":{"total_tokens":12,"input_tokens":10,"output_tokens":2,"cached":4}}"""
            )
            .Should()
            .BeEquivalentTo(
                new AgentAccount
                {
                    HasWorked = true,
                    Result = new AgentResult(IsError: false),
                    LastText = "all done",
                    SessionId = "g-1",
                    Tokens = new AgentTokens(10, 2, 4),
                    DeniedPermissions = ["replace-1"],
                }
            );

    [Fact]
    public void Gemini_ErrorResult_SaysSo() =>
        Read("gemini", """{"type":"result","status":"error","error":{"type":"FatalTurnLimitedError","message":"too many"}}""")!
            .Result.Should()
            .Be(new AgentResult(IsError: true, "too many"));

    [Fact]
    public void Qwen_WholeTurn_TellsEverything() =>
        Read(
                "qwen",
                """{"type":"system","subtype":"init","session_id":"q-1"}""",
                """{"type":"assistant","session_id":"q-1","message":{"content":[{"type":"text","text":"hm"}]}}""",
                """{"type":"result","subtype":"success","session_id":"q-1","is_error":false,"num_turns":2,"result":"done","usage":{"input_tokens":20,"output_tokens":4,"cache_read_input_tokens":6,"total_tokens":24},"permission_denials":[{"tool_name":"edit"}]}"""
            )
            .Should()
            .BeEquivalentTo(
                new AgentAccount
                {
                    HasWorked = true,
                    Result = new AgentResult(IsError: false, "done", 2),
                    LastText = "hm",
                    SessionId = "q-1",
                    Tokens = new AgentTokens(20, 4, 6),
                    DeniedPermissions = ["edit"],
                }
            );

    [Fact]
    public void Copilot_WholeTurn_TellsEverything() =>
        Read(
                "copilot",
                """{"type":"assistant.usage","data":{"model":"m","inputTokens":10,"outputTokens":2,"cacheReadTokens":1,"cost":1}}""",
                """{"type":"assistant.message","data":{"content":"","toolRequests":[{}]}}""",
                """{"type":"permission.completed","data":{"requestId":"r","result":{"kind":"denied-by-rules"}}}""",
                """{"type":"permission.completed","data":{"requestId":"r","result":{"kind":"approved"}}}""",
                """{"type":"assistant.message","data":{"content":"done","toolRequests":[]}}""",
                """{"type":"result","sessionId":"c-1","exitCode":0,"usage":{"premiumRequests":0}}"""
            )
            .Should()
            .BeEquivalentTo(
                new AgentAccount
                {
                    HasWorked = true,
                    Result = new AgentResult(IsError: false),
                    LastText = "done",
                    SessionId = "c-1",
                    Tokens = new AgentTokens(10, 2, 1),
                    DeniedPermissions = ["denied-by-rules"],
                }
            );

    [Fact]
    public void Copilot_RateLimit_IsALimitAndAnError() =>
        Read(
                "copilot",
                """{"type":"session.error","data":{"errorType":"rate_limit","message":"429 slow down","statusCode":429}}""",
                """{"type":"result","sessionId":"c-1","exitCode":1}"""
            )
            .Should()
            .BeEquivalentTo(
                new AgentAccount
                {
                    Fault = "429 slow down",
                    FaultStatus = 429,
                    Result = new AgentResult(IsError: true),
                    LastText = "429 slow down",
                    SessionId = "c-1",
                    UsageLimit = new AgentUsageLimit("rate_limit", null),
                }
            );

    [Fact]
    public void Cline_WholeTurn_TellsEverything()
    {
        string[] begin =
        [
            """{"type":"hook_event","hookEventName":"agent_start","taskId":"conv_1"}""",
            """{"type":"agent_event","event":{"type":"usage","inputTokens":1,"totalInputTokens":10,"totalOutputTokens":5,"totalCost":0.1}}""",
            """{"type":"agent_event","event":{"type":"content_end","contentType":"text","text":"nearly"}}""",
        ];

        Read("cline", begin)
            .Should()
            .BeEquivalentTo(
                new AgentAccount
                {
                    HasWorked = true,
                    LastText = "nearly",
                    SessionId = "conv_1",
                    CostUsd = 0.1,
                    Tokens = new AgentTokens(10, 5, 0),
                }
            );
        Read(
                "cline",
                [
                    .. begin,
                    """{"type":"run_result","finishReason":"completed","iterations":2,"aggregateUsage":{"inputTokens":20,"outputTokens":10,"cacheReadTokens":3,"totalCost":0.2},"text":"done"}""",
                ]
            )
            .Should()
            .BeEquivalentTo(
                new AgentAccount
                {
                    HasWorked = true,
                    Result = new AgentResult(IsError: false, "done", 2),
                    LastText = "nearly",
                    SessionId = "conv_1",
                    CostUsd = 0.2,
                    Tokens = new AgentTokens(20, 10, 3),
                }
            );
        Read("cline", """{"type":"run_result","finishReason":"aborted","text":""}""")!.Result.Should().Be(new AgentResult(IsError: true));
    }

    [Theory]
    [InlineData(
        """{"type":"result","is_error":"true","num_turns":1.5,"result":{"a":1},"session_id":7,"total_cost_usd":"a lot","usage":[],"permission_denials":{"tool_name":"x"}}"""
    )]
    [InlineData("""{"type":"result","total_cost_usd":1e999,"num_turns":99999999999}""")]
    [InlineData("""{"type":"result","total_cost_usd":-1,"num_turns":-1,"session_id":""}""")]
    public void Claude_FieldsOfOtherKinds_CountAsNotThere(string line) =>
        Read("claude", line)
            .Should()
            .BeEquivalentTo(new AgentAccount { Result = new AgentResult(IsError: false) { Doubt = "it has no subtype" } });

    [Theory]
    [InlineData("""{"type":"user","message":{"content":[{"type":"text","text":"{\"type\":\"result\"}"}]}}""")]
    [InlineData("""{"Type":"result"}""")]
    [InlineData("""{"type":["result"]}""")]
    [InlineData("""["type","result"]""")]
    [InlineData("""{"type":"result" """)]
    [InlineData("""{"type":"result"} {"type":"result"}""")]
    [InlineData("""{"type":"\ud800"}""")]
    [InlineData("""{"type":"something new","result":"yes","is_error":true}""")]
    [InlineData("type: result, usage limit reached, permission denied")]
    [InlineData("null")]
    [InlineData("")]
    public void Every_AnythingElse_TellsNothing(string line) =>
        AgentPresets.Names.Should().AllSatisfy(preset => Read(preset, line).Should().BeNull(preset));

    [Theory]
    [MemberData(nameof(Presets))]
    public void Every_NestedTooDeep_TellsNothing(string preset) =>
        Read(preset, string.Concat(Enumerable.Repeat("{\"a\":", 100_000))).Should().BeNull();

    [Fact]
    public void Claude_HugeText_IsCutBetweenCharacters()
    {
        var account = Read("claude", $$"""{"type":"result","result":"x{{string.Concat(Enumerable.Repeat("😀", 100_000))}}"}""");

        account!.Message!.Length.Should().Be((16 * 1024) - 1);
        account.Message.EnumerateRunes().Should().NotContain(Rune.ReplacementChar);
    }

    [Fact]
    public void SayMore_WithoutEnd_StaysBounded()
    {
        var events = new AgentEvents();
        for (var index = 0; index < 10_000; index++)
        {
            events.SayMore("0123456789");
            events.Denied($"tool {index}");
        }

        events.Account!.LastText!.Length.Should().Be(16 * 1024);
        events.Account.DeniedPermissions.Should().HaveCount(20);
    }

    [Fact]
    public void Every_DamagedBytes_NeverThrows()
    {
        var sound = Encoding.UTF8.GetBytes(SoundResult);
        FixedSample.Run(Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte), 2000, value =>
        {
            var bytes = sound.ToArray();
            bytes[value.Item1] = value.Item2;
            FluentActions.Invoking(() => AgentEventLines.Read(AgentPresets.Find("claude")!, bytes, new AgentEvents())).Should().NotThrow();
        });
    }

    private static AgentAccount? Read(string preset, params string[] lines)
    {
        var events = new AgentEvents();
        foreach (var line in lines)
        {
            AgentEventLines.Read(AgentPresets.Find(preset)!, Encoding.UTF8.GetBytes(line), events);
        }

        return events.Account;
    }
}
