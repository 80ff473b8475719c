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

/// <summary>
/// The service of a model that refuses, or is not there: what the programs were seen to print then, shortened. It is no failure of the
/// work.
/// </summary>
public sealed class ServiceFaultTests
{
    private const string ClaudeAway =
        """{"type":"system","subtype":"api_retry","attempt":1,"max_retries":10,"error_status":null,"error":"unknown"}""";
    private const string ClaudeRefused =
        """{"type":"system","subtype":"api_retry","attempt":1,"max_retries":10,"error_status":401,"error":"authentication_failed"}""";
    private const string ClaudeBusy =
        """{"type":"system","subtype":"api_retry","attempt":1,"max_retries":10,"error_status":529,"error":"overloaded"}""";
    private const string ClaudeWork = """{"type":"assistant","message":{"content":[{"type":"text","text":"at work"}]}}""";
    private const string CodexAway =
        """{"type":"error","message":"Reconnecting... waiting for network (Connection failed: error sending request)"}""";
    private const string CodexRefused =
        """{"type":"error","message":"Reconnecting... 1/5 (unexpected status 401 Unauthorized: no, url: http://a/v1)"}""";
    private const string CopilotAway =
        """{"type":"model.call_failure","data":{"failureKind":"transport","errorMessage":"Connection refused (os error 111)"}}""";

    /// <summary>Which failure the events in a row say, and how often.</summary>
    public static TheoryData<string, RunFailure?, int, string[]> Streams =>
        new()
        {
            { "claude", RunFailure.SignIn, 2, [ClaudeRefused, ClaudeRefused] },
            { "claude", RunFailure.Service, 3, [ClaudeAway, ClaudeAway, ClaudeAway] },
            { "claude", RunFailure.SignIn, 2, [ClaudeAway, ClaudeRefused] },
            { "claude", null, 0, [ClaudeRefused, ClaudeWork] },
            { "claude", RunFailure.SignIn, 1, [ClaudeRefused, ClaudeWork, ClaudeRefused] },
            { "claude", null, 0, [ClaudeBusy, ClaudeBusy, ClaudeBusy] },
            { "claude", RunFailure.SignIn, 1, [ClaudeRefused, ClaudeBusy, ClaudeRefused] },
            { "codex", RunFailure.Service, 2, [CodexAway, CodexAway] },
            { "codex", RunFailure.SignIn, 2, [CodexRefused, CodexRefused] },
            { "codex", null, 0, ["""{"type":"error","message":"Reconnecting... 1/5 (high demand)"}"""] },
            { "copilot", RunFailure.Service, 2, [CopilotAway, """{"type":"model.call_start","data":{}}""", CopilotAway] },
            { "gemini", null, 0, ["""{"type":"init","session_id":"s"}""", """{"type":"message","role":"user","content":"do it"}"""] },
        };

    /// <summary>How a program ends by itself that cannot reach its model.</summary>
    public static TheoryData<string, int, string[]> Ends =>
        new()
        {
            {
                "claude",
                1,
                [
                    ClaudeAway,
                    """{"type":"assistant","message":{"content":[{"type":"text","text":"API Error: Connection refused"}]},"error":"server_error"}""",
                    """{"type":"result","subtype":"success","is_error":true,"api_error_status":null,"result":"API Error: Connection refused"}""",
                ]
            },
            {
                "qwen",
                1,
                [
                    """{"type":"assistant","message":{"content":[{"type":"text","text":"[API Error: Connection error. (cause: fetch failed)]"}]}}""",
                    """{"type":"result","subtype":"error_during_execution","is_error":true,"num_turns":1,"error":{"message":"[API Error: Connection error. (cause: fetch failed)]"}}""",
                ]
            },
            {
                "copilot",
                1,
                [
                    CopilotAway,
                    """{"type":"session.error","data":{"errorType":"query","message":"Could not connect to local model provider at http://a."}}""",
                    """{"type":"result","sessionId":"s","exitCode":1}""",
                ]
            },
            {
                "cline",
                1,
                [
                    """{"type":"agent_event","event":{"type":"error","error":{"message":"Cannot connect to API: no"},"errorClass":"unknown"}}""",
                    """{"type":"run_result","finishReason":"error","iterations":1,"text":"Cannot connect to API: no"}""",
                ]
            },
            { "gemini", 1, ["""{"type":"result","status":"error","error":{"message":"[API Error: fetch failed]"},"stats":{}}"""] },
            { "codex", 1, ["""{"type":"turn.failed","error":{"message":"unexpected status 404 Not Found: no such model"}}"""] },
            { "opencode", 1, ["""{"type":"error","error":{"name":"APIError","data":{"message":"no credit","statusCode":402}}}"""] },
            {
                "opencode",
                1,
                [
                    """{"type":"error","sessionID":"s","error":{"name":"APIError","data":{"message":"Cannot connect to API: no","isRetryable":true}}}""",
                ]
            },
        };

    [Theory]
    [MemberData(nameof(Streams))]
    public void Events_OfTheModelsService_AreCountedWhileNothingElseHappens(string preset, RunFailure? failure, int count, string[] lines)
    {
        var account = Read(preset, lines);

        account.ServiceFaults.Should().Be(count);
        AgentVerdict.OfService(AgentPresets.Find(preset)!.Results, account)?.Failure.Should().Be(failure);
        account.HasWorked.Should().Be(lines.Contains(ClaudeWork));
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public void Judge_ServiceThatIsNotThere_IsNoFailureOfTheWork(string preset, int exitCode, string[] lines)
    {
        var end = Judge(preset, SupervisorEnd.Exited, exitCode, lines);

        (end.State, end.Failure).Should().Be((RunState.Failed, RunFailure.Service), end.Reason);
        RetryRules.Decide(TestAgents.Run(), end, new RunLimits(), 0).Should().BeNull();
    }

    [Theory]
    [InlineData("claude", RunFailure.SignIn, ClaudeRefused)]
    [InlineData("claude", RunFailure.Service, ClaudeAway)]
    [InlineData("codex", RunFailure.Service, CodexAway)]
    [InlineData("kilo", RunFailure.Service, null)]
    public void Judge_EndedForItsService_NamesItAndIsNotTriedAgain(string preset, RunFailure failure, string? line)
    {
        var end = Judge(preset, SupervisorEnd.NoService, null, line is null ? [] : [line, line]);

        (end.State, end.Failure).Should().Be((RunState.Failed, failure));
        RetryRules.Decide(TestAgents.Run(), end, new RunLimits(), 0).Should().BeNull();
    }

    [Fact]
    public void Judge_WaitedUntilItsLimit_SaysTheLastError() =>
        Judge("codex", SupervisorEnd.TimedOut, null, CodexAway)
            .Reason.Should()
            .EndWith("the last error that it told of: Connection failed: error sending request");

    [Theory]
    [InlineData(145, "(HTTP status 401 of the model's service)", RunFailure.SignIn)]
    [InlineData(147, "(HTTP status 403 of the model's service)", RunFailure.SignIn)]
    [InlineData(148, "(HTTP status 404 of the model's service)", RunFailure.Service)]
    [InlineData(173, "(HTTP status 429 of the model's service)", RunFailure.Work)]
    [InlineData(247, "(HTTP status 503 of the model's service)", RunFailure.Work)]
    [InlineData(143, "it ended with exit code 143", RunFailure.Work)]
    [InlineData(1, "it ended with exit code 1", RunFailure.Work)]
    public void Judge_ExitCodeOfGemini_IsTheStatusOfItsService(int exitCode, string reason, RunFailure failure)
    {
        var end = Judge("gemini", SupervisorEnd.Exited, exitCode);

        end.Reason.Should().EndWith(reason);
        end.Failure.Should().Be(failure);
        Judge("claude", SupervisorEnd.Exited, exitCode).Reason.Should().NotContain("HTTP");
    }

    /// <summary>A limit that is told in prose alone is waited for, where its words stand in the row of the preset.</summary>
    [Theory]
    [InlineData("""{"type":"error","message":"You've hit your usage limit. Upgrade to Pro or try again at 3:05 PM."}""")]
    [InlineData("""{"type":"turn.failed","error":{"message":"You've hit your usage limit for this week."}}""")]
    public void Judge_UsageLimitOfCodex_IsWaitedFor(string line)
    {
        var end = Judge("codex", SupervisorEnd.Exited, 1, line);

        end.Failure.Should().Be(RunFailure.UsageLimit);
        RetryRules.Decide(TestAgents.Run(), end, new RunLimits { MaxAttempts = 1 }, 0)!.CountsAsTry.Should().BeFalse();
    }

    /// <summary>What a program says where nobody reads is all that there is when it does not come so far as to print events.</summary>
    [Theory]
    [InlineData("codex", 1, "; the last line of its standard error: Error: could not find HOME")]
    [InlineData("aider", 2, "; the last line of its standard error: Error: could not find HOME")]
    [InlineData("opencode", 0, "it ended with exit code 0")]
    public void Judge_LastLineOfStandardError_StandsInTheReason(string preset, int exitCode, string reason) =>
        RunOutcomeRules
            .Judge(TestAgents.Run(), Outcome(preset, SupervisorEnd.Exited, exitCode, []) with { ErrorLine = "Error: could not find HOME" })
            .Reason.Should()
            .EndWith(reason);

    private static RunEnd Judge(string preset, SupervisorEnd how, int? exitCode, params string[] lines) =>
        RunOutcomeRules.Judge(TestAgents.Run(), Outcome(preset, how, exitCode, lines));

    private static SupervisorOutcome Outcome(string preset, SupervisorEnd how, int? exitCode, string[] lines) =>
        TestAgents.Outcome(how, exitCode) with
        {
            Account = Read(preset, lines) with { Preset = preset },
            Reason = exitCode is null ? "because" : $"it ended with exit code {exitCode}",
        };

    private static AgentAccount Read(string preset, string[] lines)
    {
        var events = new AgentEvents();
        foreach (var line in lines)
        {
            AgentEventLines.Read(AgentPresets.Find(preset)!, Encoding.UTF8.GetBytes(line), events);
        }

        return events.Account ?? new AgentAccount();
    }
}
