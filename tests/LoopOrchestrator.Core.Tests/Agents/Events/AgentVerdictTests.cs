using System.Text;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Events;
using LoopOrchestrator.Core.Agents.Presets;
using LoopOrchestrator.Core.Agents.Results;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;

namespace LoopOrchestrator.Core.Tests.Agents.Events;

/// <summary>What decides for each preset: lines as the programs print them, then what becomes of the run.</summary>
public sealed class AgentVerdictTests
{
    private static readonly Dictionary<string, string> Work = new(StringComparer.Ordinal)
    {
        ["claude"] = """{"type":"assistant","session_id":"s","message":{"content":[{"type":"text","text":"at work"}]}}""",
        ["qwen"] = """{"type":"assistant","session_id":"s","message":{"content":[{"type":"text","text":"at work"}]}}""",
        ["codex"] = """{"type":"item.completed","item":{"type":"agent_message","text":"at work"}}""",
        ["opencode"] = """{"type":"text","sessionID":"s","part":{"type":"text","text":"at work"}}""",
        ["kilo"] = """{"type":"text","sessionID":"s","part":{"type":"text","text":"at work"}}""",
        ["gemini"] = """{"type":"message","role":"assistant","content":"at work"}""",
        ["cline"] = """{"type":"agent_event","event":{"type":"content_end","contentType":"text","text":"at work"}}""",
        ["copilot"] = """{"type":"assistant.message","data":{"content":"at work"}}""",
    };

    private static readonly Dictionary<string, string> Good = new(StringComparer.Ordinal)
    {
        ["claude"] = """{"type":"result","subtype":"success","is_error":false,"result":"done","num_turns":2}""",
        ["qwen"] = """{"type":"result","subtype":"success","is_error":false,"result":"done","num_turns":2}""",
        ["codex"] = """{"type":"turn.completed","usage":{"input_tokens":10,"output_tokens":5}}""",
        ["gemini"] = """{"type":"result","status":"success","stats":{"input_tokens":10,"output_tokens":5}}""",
        ["cline"] = """{"type":"run_result","finishReason":"completed","text":"done","iterations":1}""",
        ["copilot"] = """{"type":"result","sessionId":"s","exitCode":0}""",
    };

    private static readonly Dictionary<string, string> Fault = new(StringComparer.Ordinal)
    {
        ["codex"] = """{"type":"error","message":"stream lost, reconnecting"}""",
        ["opencode"] = """{"type":"error","sessionID":"s","error":{"name":"ProviderError","data":{"message":"connection reset"}}}""",
        ["kilo"] = """{"type":"error","sessionID":"s","error":{"name":"ProviderError","data":{"message":"connection reset"}}}""",
        ["gemini"] = """{"type":"error","severity":"error","message":"connection reset"}""",
        ["copilot"] = """{"type":"session.error","data":{"errorType":"network","message":"connection reset"}}""",
    };

    // A whole stream of each: any part of it that stops before the end is none.
    private static readonly Dictionary<string, string[]> Whole = new(StringComparer.Ordinal)
    {
        ["claude"] = ["""{"type":"system","subtype":"init","session_id":"s"}""", Work["claude"], Good["claude"]],
        ["qwen"] = ["""{"type":"system","subtype":"init","session_id":"s"}""", Work["qwen"], Good["qwen"]],
        ["codex"] = ["""{"type":"thread.started","thread_id":"t"}""", """{"type":"turn.started"}""", Work["codex"], Good["codex"]],
        ["opencode"] = StepsOf("opencode"),
        ["kilo"] = StepsOf("kilo"),
        ["gemini"] = ["""{"type":"init","session_id":"s"}""", Work["gemini"], Good["gemini"]],
        ["cline"] = ["""{"type":"agent_event","event":{"type":"content_start"}}""", Work["cline"], Good["cline"]],
        ["copilot"] = ["""{"type":"tool.execution_start","data":{}}""", Work["copilot"], Good["copilot"]],
    };

    public static TheoryData<string, string> Unreadable
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var preset in new[] { "claude", "qwen" })
            {
                foreach (
                    var members in new[]
                    {
                        "\"subtype\":\"success\",\"is_error\":\"true\"",
                        "\"subtype\":\"success\",\"is_error\":\"false\"",
                        "\"subtype\":\"success\",\"is_error\":1",
                        "\"subtype\":\"success\",\"is_error\":null",
                        "\"subtype\":\"success\",\"is_error\":{}",
                        "\"is_error\":false",
                        "\"subtype\":\"interrupted\",\"is_error\":false",
                        "\"subtype\":\"SUCCESS\",\"is_error\":false",
                        "\"subtype\":[\"success\"],\"is_error\":false",
                        "\"subtype\":true,\"is_error\":false",
                        "\"subtype\":\"success\",\"is_error\":false,\"stop_reason\":[\"refusal\"]",
                        "\"subtype\":\"success\",\"is_error\":false,\"stop_reason\":\"max_tokens\"",
                        "\"subtype\":\"success\",\"is_error\":false,\"api_error_status\":\"401\"",
                        "\"subtype\":\"success\",\"is_error\":false,\"api_error_status\":500",
                        "\"subtype\":\"success\",\"is_error\":false,\"result\":[\"[API Error: 500]\"]",
                    }
                )
                {
                    all.Add(preset, $"{{\"type\":\"result\",\"num_turns\":2,{members}}}");
                }
            }

            all.Add("codex", """{"type":"turn.completed","error":{"message":"no"}}""");
            foreach (
                var status in new[]
                {
                    "\"ok\"",
                    "true",
                    "[\"success\"]",
                    "null",
                    "\"success\",\"error\":{\"message\":\"no\"}",
                    "\"success\",\"error\":\"no\"",
                }
            )
            {
                all.Add("gemini", $"{{\"type\":\"result\",\"status\":{status}}}");
            }

            foreach (var reason in new[] { "\"COMPLETED\"", "true", "null", "[\"completed\"]", "\"max_iterations\"" })
            {
                all.Add("cline", $"{{\"type\":\"run_result\",\"finishReason\":{reason},\"text\":\"done\",\"iterations\":1}}");
            }

            foreach (var exitCode in new[] { "\"0\"", "null", "false", "[0]" })
            {
                all.Add("copilot", $"{{\"type\":\"result\",\"sessionId\":\"s\",\"exitCode\":{exitCode}}}");
            }

            foreach (var preset in new[] { "opencode", "kilo" })
            {
                foreach (
                    var part in new[]
                    {
                        "{}",
                        "{\"reason\":5}",
                        "{\"reason\":\"tool-calls\"}",
                        "{\"reason\":\"error\"}",
                        "{\"reason\":[\"stop\"]}",
                        "5",
                    }
                )
                {
                    all.Add(preset, $"{{\"type\":\"step_finish\",\"sessionID\":\"s\",\"part\":{part}}}");
                }
            }

            return all;
        }
    }

    public static TheoryData<string> Presets => [.. AgentPresets.Names.Where(static name => name != "aider")];

    public static TheoryData<string> PresetsWithResult => [.. Good.Keys];

    public static TheoryData<string> PresetsWithFault => [.. Fault.Keys];

    [Fact]
    public void Presets_WithEvents_AreAllInTheTable()
    {
        Work.Keys.Should().BeEquivalentTo(AgentPresets.All.Where(static preset => preset.HasEvents).Select(static preset => preset.Name));
        Good.Keys.Should()
            .BeEquivalentTo(AgentPresets.All.Where(static preset => preset.Results.AlwaysSendsResult).Select(static preset => preset.Name));
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Judge_WorkThenItsEnd_Succeeds(string preset) =>
        Judge(preset, 0, Work[preset], Good.GetValueOrDefault(preset)).State.Should().Be(RunState.Succeeded);

    [Theory]
    [MemberData(nameof(Presets))]
    public void Judge_NothingPrinted_Fails(string preset) => Judge(preset, 0).State.Should().Be(RunState.Failed);

    [Theory]
    [MemberData(nameof(PresetsWithResult))]
    public void Judge_WorkWithoutTheResultThatItAlwaysSends_Fails(string preset) =>
        Judge(preset, 0, Work[preset])
            .Should()
            .Match<RunEnd>(end => end.State == RunState.Failed && end.Reason.Contains("without its result"));

    [Fact]
    public void Rows_OfWhatCannotBeRead_HaveEveryPresetWithEvents() =>
        Unreadable.Select(static row => row.Data.Item1).Distinct(StringComparer.Ordinal).Should().BeEquivalentTo(Work.Keys);

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void Judge_EndThatCannotBeReadAsASuccess_Fails(string preset, string line) =>
        Judge(preset, 0, Work[preset], line).Should().Match<RunEnd>(end => end.State == RunState.Failed && end.Failure == RunFailure.Work);

    [Theory]
    [MemberData(nameof(Presets))]
    public void Judge_StreamThatStopsBeforeItsEnd_Fails(string preset)
    {
        var whole = Whole[preset];
        for (var length = 0; length <= whole.Length; length++)
        {
            var state = length == whole.Length ? RunState.Succeeded : RunState.Failed;
            Judge(preset, 0, whole[..length]).State.Should().Be(state, "{0} lines of a stream of {1}", length, preset);
        }
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Judge_FurtherTurnThatStopsBeforeItsEnd_Fails(string preset)
    {
        var whole = Whole[preset];
        for (var length = 1; length <= whole.Length; length++)
        {
            // That there is a thread is told before any turn of it.
            var isReported = length == whole.Length || (preset == "codex" && length == 1);
            Judge(preset, 0, [.. whole, .. whole[..length]])
                .State.Should()
                .Be(isReported ? RunState.Succeeded : RunState.Failed, "{0} further lines of a stream of {1}", length, preset);
        }
    }

    [Fact]
    public void Judge_WorkThatItDoesBecauseItWasToldToEnd_DoesNotTakeItsResultBack() =>
        JudgeEnded(SupervisorEnd.EndedAfterResult, Whole["claude"], Whole["claude"][..2]).State.Should().Be(RunState.Succeeded);

    [Theory]
    [InlineData("opencode", """{"type":"error","sessionID":"s","error":{"name":"APIError","data":{"message":"half \ud83d"}}}""")]
    [InlineData("claude", """{"type":"result","subtype":"success","is_error":true,"result":"half \ud83d","num_turns":2}""")]
    public void Judge_ErrorWithHalfACharacter_IsNotLost(string preset, string line) =>
        Judge(preset, 0, Work[preset], line).Should().Match<RunEnd>(end => end.State == RunState.Failed && end.Summary!.Contains("half"));

    [Theory]
    [InlineData("""{"message":"no"}""")]
    [InlineData("true")]
    public void Judge_MessageWithAnErrorOfAnyKind_IsNoWork(string error) =>
        Judge(
            "claude",
            0,
            $$"""{"type":"assistant","message":{"content":[]},"error":{{error}}}""",
            """{"type":"result","subtype":"success","is_error":false}"""
        )
            .State.Should()
            .Be(RunState.Failed);

    [Theory]
    [MemberData(nameof(PresetsWithResult))]
    public void Judge_ExitCodeAfterASuccess_IsARemark(string preset)
    {
        foreach (var exitCode in new[] { 1, 130, 143 })
        {
            Judge(preset, exitCode, Work[preset], Good[preset])
                .Should()
                .Match<RunEnd>(end => end.State == RunState.Succeeded && end.Reason.Contains($"exit code {exitCode}"));
        }
    }

    [Theory]
    [InlineData("opencode")]
    [InlineData("kilo")]
    public void Judge_ExitCodeWithoutAResultEvent_Decides(string preset) =>
        Judge(preset, 1, Work[preset]).State.Should().Be(RunState.Failed);

    [Theory]
    [MemberData(nameof(PresetsWithFault))]
    public void Judge_ErrorThatWorkFollows_IsARemark(string preset)
    {
        Judge(preset, 0, Fault[preset], Work[preset], Good.GetValueOrDefault(preset)).State.Should().Be(RunState.Succeeded);
        Read(preset, Fault[preset]).IsOver.Should().BeFalse("an error is no end");
    }

    [Theory]
    [MemberData(nameof(PresetsWithFault))]
    public void Judge_ErrorThatNothingFollows_Fails(string preset) =>
        Judge(preset, 0, Work[preset], Fault[preset]).State.Should().Be(RunState.Failed);

    [Theory]
    [MemberData(nameof(PresetsWithResult))]
    public void Read_WorkAfterAResult_IsNotOverAndTheLastResultCounts(string preset)
    {
        Read(preset, Good[preset]).IsOver.Should().BeTrue();
        Read(preset, Good[preset], Work[preset]).IsOver.Should().BeFalse();
        Read(preset, Good[preset], Work[preset], Good[preset]).IsOver.Should().BeTrue();
    }

    [Theory]
    [InlineData("claude", "error_max_turns", "error max turns")]
    [InlineData("claude", "error_during_execution", "error during execution")]
    [InlineData("claude", "error_max_budget_usd", "error max budget usd")]
    [InlineData("qwen", "error_max_turns", "error max turns")]
    public void Judge_SubtypeOfAnError_FailsInWords(string preset, string subtype, string words)
    {
        var end = Judge(preset, 0, Work[preset], $$"""{"type":"result","subtype":"{{subtype}}","is_error":false,"num_turns":60}""");

        end.State.Should().Be(RunState.Failed);
        end.Reason.Should().Contain(words);
        end.Summary.Should().Be("at work").And.NotContain("{");
    }

    [Theory]
    [InlineData(
        "claude",
        """{"type":"result","subtype":"success","is_error":false,"result":"I cannot help","stop_reason":"refusal","num_turns":1}""",
        RunFailure.Refused
    )]
    [InlineData(
        "claude",
        """{"type":"result","subtype":"success","is_error":false,"result":"","num_turns":0,"usage":{"input_tokens":0,"output_tokens":0}}""",
        RunFailure.Work
    )]
    [InlineData(
        "claude",
        """{"type":"result","subtype":"success","is_error":true,"result":"no","num_turns":1,"api_error_status":401}""",
        RunFailure.SignIn
    )]
    [InlineData(
        "qwen",
        """{"type":"result","subtype":"success","is_error":false,"result":"[API Error: 401 invalid key]","num_turns":1,"usage":{"input_tokens":0,"output_tokens":0}}""",
        RunFailure.SignIn
    )]
    [InlineData(
        "qwen",
        """{"type":"result","subtype":"success","is_error":false,"result":"[API Error: 403 no]","num_turns":1}""",
        RunFailure.SignIn
    )]
    [InlineData(
        "qwen",
        """{"type":"result","subtype":"success","is_error":false,"result":"[API Error: Connection error.]","num_turns":1}""",
        RunFailure.Service
    )]
    [InlineData(
        "opencode",
        """{"type":"error","sessionID":"s","error":{"name":"APIError","data":{"message":"no","statusCode":401}}}""",
        RunFailure.SignIn
    )]
    [InlineData(
        "kilo",
        """{"type":"error","sessionID":"s","error":{"name":"APIError","data":{"message":"no","statusCode":403}}}""",
        RunFailure.SignIn
    )]
    [InlineData("opencode", """{"type":"step_finish","sessionID":"s","part":{"reason":"content-filter"}}""", RunFailure.Work)]
    [InlineData("kilo", """{"type":"step_finish","sessionID":"s","part":{"reason":"length"}}""", RunFailure.Work)]
    public void Judge_FailureInASuccesssClothes_IsNamed(string preset, string line, RunFailure failure)
    {
        var end = Judge(preset, 0, line);

        (end.State, end.Failure).Should().Be((RunState.Failed, failure));
        var retry = RetryRules.Decide(TestAgents.Run(), end, new RunLimits(), 0);
        (retry is not null).Should().Be(failure == RunFailure.Work);
    }

    [Theory]
    [InlineData("opencode", "unknown")]
    [InlineData("opencode", "other")]
    [InlineData("kilo", "unknown")]
    [InlineData("kilo", "other")]
    public void Judge_LastStepWhoseServiceToldNoReason_IsJudgedByTheExitCode(string preset, string reason)
    {
        var line = $$$"""{"type":"step_finish","sessionID":"s","part":{"reason":"{{{reason}}}"}}""";

        Judge(preset, 0, Work[preset], line).State.Should().Be(RunState.Succeeded);
        Judge(preset, 1, Work[preset], line).State.Should().Be(RunState.Failed);
    }

    [Fact]
    public void Judge_LimitThatWorkFollows_IsNone()
    {
        const string Limit =
            """{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","rateLimitType":"five_hour","resetsAt":1900000000}}""";
        const string Bad = """{"type":"result","subtype":"success","is_error":true,"result":"no","num_turns":1}""";

        Judge("claude", 1, Limit, Bad).Failure.Should().Be(RunFailure.UsageLimit);
        Judge("claude", 1, Limit, Work["claude"], Bad).Failure.Should().Be(RunFailure.Work);
    }

    [Theory]
    [InlineData("""{"type":"system","subtype":"task_notification","task_id":"b1","status":"completed"}""")]
    [InlineData("""{"type":"system","subtype":"task_updated","task_id":"b1","patch":{"status":"killed"}}""")]
    [InlineData("""{"type":"system","subtype":"background_tasks_changed","tasks":[]}""")]
    public void Read_TaskInTheBackground_PutsTheEndOff(string ended)
    {
        const string Begun = """{"type":"system","subtype":"task_started","task_id":"b1"}""";

        Read("claude", Begun, Good["claude"]).IsOver.Should().BeFalse();
        Read("claude", Begun, Good["claude"], ended).IsOver.Should().BeTrue();
        Judge("claude", 0, Begun, Good["claude"]).Reason.Should().Contain("1 of its background tasks had not ended");
        Judge("claude", 0, Begun, Good["claude"], ended).Reason.Should().NotContain("background");
    }

    private const string TaskBegun = """{"type":"system","subtype":"task_started","task_id":"b1"}""";
    private const string TaskKilled = """{"type":"system","subtype":"task_updated","task_id":"b1","patch":{"status":"killed"}}""";

    [Theory]
    [InlineData(nameof(SupervisorEnd.TimedOut), RunState.TimedOut)]
    [InlineData(nameof(SupervisorEnd.OverBudget), RunState.Failed)]
    [InlineData(nameof(SupervisorEnd.EndedAfterResult), RunState.Failed)]
    public void Judge_TasksThatItEndedBecauseItWasToldToEnd_WereCutOff(string reached, RunState state)
    {
        var end = JudgeEnded(Enum.Parse<SupervisorEnd>(reached), [Work["claude"], TaskBegun], [TaskKilled, Good["claude"]]);

        end.State.Should().Be(state);
        end.Reason.Should().Contain("1 of its background tasks had not ended and were cut off");
        end.Summary.Should().Be("at work", "what it says when it is told to end is no result of the work");
    }

    [Fact]
    public void Judge_ErrorThatItTellsBecauseItWasToldToEnd_DoesNotReplaceItsResult()
    {
        const string Aborted = """{"type":"result","subtype":"error_during_execution","is_error":true,"num_turns":2}""";

        JudgeEnded(SupervisorEnd.EndedAfterResult, [Work["claude"], Good["claude"]], [Aborted]).State.Should().Be(RunState.Succeeded);
        JudgeEnded(SupervisorEnd.TimedOut, [Work["claude"]], [Good["claude"]]).Summary.Should().Be("done");
    }

    [Fact]
    public void Judge_OfAVersionThatNamedNoPreset_GoesByResultAndExitCode()
    {
        RunOutcomeRules.Judge(TestAgents.Run(), TestAgents.Outcome(SupervisorEnd.Exited, 0)).State.Should().Be(RunState.Succeeded);
        RunOutcomeRules
            .Judge(TestAgents.Run(), TestAgents.Outcome(SupervisorEnd.Exited, 143, new AgentResult(IsError: false)))
            .State.Should()
            .Be(RunState.Failed);
    }

    private static string[] StepsOf(string preset)
    {
        const string Start = """{"type":"step_start","sessionID":"s","part":{}}""";
        return
        [
            Start,
            """{"type":"tool_use","sessionID":"s","part":{}}""",
            """{"type":"step_finish","sessionID":"s","part":{"reason":"tool-calls"}}""",
            Start,
            Work[preset],
            """{"type":"step_finish","sessionID":"s","part":{"reason":"stop"}}""",
        ];
    }

    private static RunEnd Judge(string preset, int exitCode, params string?[] lines)
    {
        var account = (Read(preset, lines).Account ?? new AgentAccount()) with { Preset = preset };
        var outcome = TestAgents.Outcome(SupervisorEnd.Exited, exitCode) with
        {
            Account = account,
            Reason = $"it ended with exit code {exitCode}",
            OutputTail = string.Join('\n', lines),
        };
        return RunOutcomeRules.Judge(TestAgents.Run(), outcome);
    }

    private static RunEnd JudgeEnded(SupervisorEnd reached, string[] before, string[] after)
    {
        var events = Read("claude", before);
        events.RequestEnd();
        foreach (var line in after)
        {
            AgentEventLines.Read(AgentPresets.Find("claude")!, Encoding.UTF8.GetBytes(line), events);
        }

        return RunOutcomeRules.Judge(
            TestAgents.Run(),
            TestAgents.Outcome(reached) with
            {
                Account = events.Account! with { Preset = "claude" },
            }
        );
    }

    private static AgentEvents Read(string preset, params string?[] lines)
    {
        var events = new AgentEvents();
        foreach (var line in lines.OfType<string>())
        {
            AgentEventLines.Read(AgentPresets.Find(preset)!, Encoding.UTF8.GetBytes(line), events);
        }

        return events;
    }
}
