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
/// A refused key, or nobody signed in: what the programs of docs/agents.md were seen to print then, shortened. The run names it and is
/// not tried again.
/// </summary>
public sealed class SignInTests
{
    private const string NoKey = "no key";
    private const string Refused = "key refused";

    private const string CodexTry =
        """{"type":"error","message":"Reconnecting... 5/5 (unexpected status 401 Unauthorized: no, url: http://a/v1)"}""";
    private const string CopilotRetry =
        """{"type":"assistant.turn_retry","data":{"turnId":"0","model":"m","reason":"transient_auth_error"}}""";

    public static TheoryData<string, string, int, string[]> VerifiedVersions =>
        new()
        {
            {
                "claude",
                NoKey,
                1,
                [
                    """{"type":"assistant","message":{"model":"<synthetic>","content":[{"type":"text","text":"no login"}]},"error":"authentication_failed"}""",
                    """{"type":"result","subtype":"success","is_error":true,"api_error_status":null,"num_turns":1,"result":"no login"}""",
                ]
            },
            {
                "claude",
                Refused,
                1,
                [
                    """{"type":"system","subtype":"api_retry","attempt":10,"max_retries":10,"error_status":401,"error":"authentication_failed"}""",
                    """{"type":"result","subtype":"success","is_error":true,"api_error_status":401,"num_turns":1,"result":"no"}""",
                ]
            },
            {
                "claude",
                "ended while it tried again",
                143,
                [
                    """{"type":"system","subtype":"api_retry","attempt":3,"max_retries":10,"error_status":401,"error":"authentication_failed"}""",
                ]
            },
            {
                "codex",
                Refused,
                1,
                [
                    """{"type":"thread.started","thread_id":"t"}""",
                    CodexTry,
                    """{"type":"error","message":"unexpected status 401 Unauthorized: no, url: http://a/v1"}""",
                    """{"type":"turn.failed","error":{"message":"unexpected status 401 Unauthorized: no, url: http://a/v1"}}""",
                ]
            },
            {
                "codex",
                "retries used up",
                1,
                ["""{"type":"turn.failed","error":{"message":"exceeded retry limit, last status: 403 Forbidden"}}"""]
            },
            { "codex", "without its last event", 1, ["""{"type":"error","message":"unexpected status 401 Unauthorized: no"}"""] },
            {
                "opencode",
                Refused,
                1,
                [
                    """{"type":"error","sessionID":"s","error":{"name":"APIError","data":{"message":"no","statusCode":401,"isRetryable":false}}}""",
                ]
            },
            {
                "opencode",
                NoKey,
                1,
                [
                    """{"type":"error","sessionID":"s","error":{"name":"ProviderAuthError","data":{"providerID":"p","message":"key is missing"}}}""",
                ]
            },
            {
                "kilo",
                Refused,
                1,
                ["""{"type":"error","sessionID":"s","error":{"name":"APIError","data":{"message":"no","statusCode":403}}}"""]
            },
            {
                "kilo",
                NoKey,
                1,
                [
                    """{"type":"error","sessionID":"s","error":{"name":"ProviderAuthError","data":{"providerID":"p","message":"key is missing"}}}""",
                ]
            },
            {
                "gemini",
                Refused,
                145,
                [
                    """{"type":"init","session_id":"s","model":"auto"}""",
                    """{"type":"result","status":"error","error":{"type":"unknown","message":"[API Error: {\"error\":{\"code\":401,\"message\":\"no\",\"status\":\"UNAUTHENTICATED\"}}]"},"stats":{"input_tokens":0,"output_tokens":0}}""",
                ]
            },
            {
                "gemini",
                "key that is none",
                1,
                [
                    """{"type":"result","status":"error","error":{"message":"[API Error: {\"error\":{\"code\":400,\"details\":[{\"reason\":\"API_KEY_INVALID\"}]}}]"},"stats":{}}""",
                ]
            },
            { "gemini", NoKey, 41, [] },
            {
                "cline",
                Refused,
                1,
                [
                    """{"type":"agent_event","event":{"type":"error","error":{"name":"Error","message":"no"},"errorClass":"auth","recoverable":false,"iteration":1}}""",
                    """{"type":"run_result","finishReason":"error","iterations":1,"aggregateUsage":{"inputTokens":0,"outputTokens":0},"text":"no"}""",
                    """{"type":"error","message":"no"}""",
                ]
            },
            {
                "copilot",
                Refused,
                1,
                [
                    CopilotRetry,
                    """{"type":"session.error","data":{"errorType":"authentication","message":"no","statusCode":401}}""",
                    """{"type":"result","sessionId":"s","exitCode":1}""",
                ]
            },
            {
                "qwen",
                Refused,
                1,
                [
                    """{"type":"assistant","session_id":"s","message":{"content":[{"type":"text","text":"[API Error: 401 no]"}]}}""",
                    """{"type":"result","subtype":"error_during_execution","is_error":true,"num_turns":1,"error":{"message":"[API Error: 401 no]"}}""",
                ]
            },
            {
                "qwen",
                NoKey,
                1,
                [
                    """{"type":"result","subtype":"error_during_execution","is_error":true,"num_turns":0,"error":{"message":"No auth type is selected. Configure one."}}""",
                ]
            },
        };

    // The same programs with another error: nobody has to sign in for it.
    public static TheoryData<string, string> Others =>
        new()
        {
            { "claude", """{"type":"result","subtype":"success","is_error":true,"api_error_status":500,"num_turns":1,"result":"no"}""" },
            { "codex", """{"type":"turn.failed","error":{"message":"unexpected status 500 Internal Server Error: 401"}}""" },
            { "codex", """{"type":"turn.failed","error":{"message":"the tool printed: unexpected status 401"}}""" },
            { "gemini", """{"type":"result","status":"error","error":{"message":"[API Error: {\"error\":{\"code\":503}}]"},"stats":{}}""" },
            { "gemini", """{"type":"result","status":"error","error":{"message":"[API Error: {\"error\":401"},"stats":{}}""" },
            { "cline", """{"type":"run_result","finishReason":"error","iterations":1,"text":"errorClass auth"}""" },
            {
                "qwen",
                """{"type":"result","subtype":"error_during_execution","is_error":true,"num_turns":1,"error":{"message":"[API Error: 500 no]"}}"""
            },
        };

    [Fact]
    public void Rows_OfWhatWasSeen_HaveEveryPresetWithEvents() =>
        VerifiedVersions
            .Select(static row => row.Data.Item1)
            .Distinct(StringComparer.Ordinal)
            .Should()
            .BeEquivalentTo(AgentPresets.All.Where(static preset => preset.HasEvents).Select(static preset => preset.Name));

    [Theory]
    [MemberData(nameof(VerifiedVersions))]
    public void Judge_WithoutAKeyThatIsTaken_SaysSignInAndIsNotTriedAgain(string preset, string what, int exitCode, string[] lines)
    {
        var end = Judge(preset, exitCode, lines);

        (end.State, end.Failure).Should().Be((RunState.Failed, RunFailure.SignIn), what);
        end.Reason.Should().Contain("sign in");
        RetryRules.Decide(TestAgents.Run(), end, new RunLimits(), 0).Should().BeNull();
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void Judge_AnotherError_IsNoReasonToSignIn(string preset, string line) =>
        (Judge(preset, 1, line).State, Judge(preset, 1, line).Failure).Should().Be((RunState.Failed, RunFailure.Work));

    [Theory]
    [InlineData(
        "cline",
        """{"type":"agent_event","event":{"type":"error","errorClass":"auth"}}""",
        """{"type":"agent_event","event":{"type":"content_start"}}""",
        """{"type":"run_result","finishReason":"error","text":"no"}"""
    )]
    [InlineData(
        "claude",
        """{"type":"system","subtype":"api_retry","error_status":401}""",
        """{"type":"assistant","message":{"content":[]}}""",
        """{"type":"result","subtype":"error_max_turns","is_error":true}"""
    )]
    public void Judge_WorkAfterARefusedKey_MakesItARemark(string preset, string refused, string work, string result)
    {
        Judge(preset, 1, refused, result).Failure.Should().Be(RunFailure.SignIn);
        Judge(preset, 1, refused, work, result).Failure.Should().Be(RunFailure.Work);
    }

    [Fact]
    public void Judge_ExitCodeOfSignIn_AfterAResultIsARemark() =>
        Judge(
            "gemini",
            41,
            """{"type":"message","role":"assistant","content":"at work"}""",
            """{"type":"result","status":"success","stats":{"output_tokens":5}}"""
        )
            .State.Should()
            .Be(RunState.Succeeded);

    private static RunEnd Judge(string preset, int exitCode, params string[] lines)
    {
        var events = new AgentEvents();
        foreach (var line in lines)
        {
            AgentEventLines.Read(AgentPresets.Find(preset)!, Encoding.UTF8.GetBytes(line), events);
        }

        var account = (events.Account ?? new AgentAccount()) with { Preset = preset };
        var outcome = TestAgents.Outcome(SupervisorEnd.Exited, exitCode) with
        {
            Account = account,
            Reason = $"it ended with exit code {exitCode}",
        };
        return RunOutcomeRules.Judge(TestAgents.Run(), outcome);
    }
}
