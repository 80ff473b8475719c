using LoopOrchestrator.Core.Agents.Results;
using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Core.Tests.Agents.Supervision;

public sealed class SupervisorLimitsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly OutputLog _output;
    private readonly List<(SupervisorEnd End, string Reason, TimeSpan At)> _ends = [];
    private readonly List<TimeSpan> _warnings = [];
    private readonly long _started;
    private volatile bool _hasResult;
    private volatile bool _hasAnswered = true;
    private volatile AgentVerdict? _fault;
    private (double? CostUsd, long? Tokens) _spent;

    public SupervisorLimitsTests()
    {
        _output = new OutputLog(_folder.File("output.log"), 100, _time);
        _started = _time.GetTimestamp();
    }

    public void Dispose()
    {
        _output.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("claude")]
    public async Task WatchAsync_TimeLimit_EndsThenAndNotBefore(string? events)
    {
        await WatchAsync(TestAgents.Order() with { Events = events }, 200);

        _ends
            .Should()
            .ContainSingle()
            .Which.Should()
            .Be((SupervisorEnd.TimedOut, "it reached its time limit of 100 s", TimeSpan.FromSeconds(100)));
    }

    [Theory]
    [InlineData(null, 200, true)]
    [InlineData("claude", 200, true)]
    [InlineData(null, 79, false)]
    public async Task WatchAsync_EightyPercentOfTheTimeLimit_WarnsOnce(string? events, int seconds, bool warns)
    {
        await WatchAsync(TestAgents.Order() with { Events = events }, seconds);

        _warnings.Should().Equal(warns ? [TimeSpan.FromSeconds(80)] : []);
    }

    [Theory]
    [InlineData(0.75, null, "it cost 0.75 USD and may cost 0.5 (budget.costPerRunUsd)")]
    [InlineData(0.5, 1001L, "it took 1001 tokens and may take 1000 (budget.tokensPerRun)")]
    [InlineData(0.5, 1000L, null)]
    [InlineData(null, null, null)]
    public async Task WatchAsync_SpentMoreThanItMay_Ends(double? cost, long? tokens, string? reason)
    {
        await WatchAsync(TestAgents.Order() with { Events = "claude", CostLimitUsd = 0.5, TokenLimit = 1000 }, 60, second =>
            _spent = second >= 30 ? (cost, tokens) : (null, null)
        );

        _ends.Select(end => (end.End, end.Reason)).Should().Equal(reason is null ? [] : [(SupervisorEnd.OverBudget, reason)]);
        _ends.Should().NotContain(end => end.At < TimeSpan.FromSeconds(30) || end.At > TimeSpan.FromSeconds(32));
    }

    [Fact]
    public async Task WatchAsync_SpentMoreThanItMayWithItsResult_IsNotEndedForIt()
    {
        _hasResult = true;
        _spent = (2, null);
        await WatchAsync(TestAgents.Order() with { Events = "claude", CostLimitUsd = 1 }, 60);

        _ends.Should().ContainSingle().Which.End.Should().Be(SupervisorEnd.EndedAfterResult);
    }

    /// <summary>A refused key ends a run at once; a service that is not there, once it has been waited for.</summary>
    [Theory]
    [InlineData(RunFailure.SignIn, false, 20, 21)]
    [InlineData(RunFailure.SignIn, true, 20, 21)]
    [InlineData(RunFailure.Service, false, 30, 31)]
    [InlineData(RunFailure.Service, true, 200, 201)]
    public async Task WatchAsync_ModelServiceAtFault_Ends(RunFailure failure, bool hasAnswered, int from, int to)
    {
        _hasAnswered = hasAnswered;
        await WatchAsync(TestAgents.Order() with { Events = "claude", TimeoutSeconds = 500 }, 300, second =>
            _fault = second >= 20 ? new AgentVerdict(failure, "what its events say") : null
        );

        var end = _ends.Should().ContainSingle().Which;
        (end.End, end.Reason).Should().Be((SupervisorEnd.NoService, "what its events say"));
        end.At.Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(from)).And.BeLessThanOrEqualTo(TimeSpan.FromSeconds(to));
    }

    [Fact]
    public async Task WatchAsync_ModelServiceComesBack_GoesOn()
    {
        await WatchAsync(TestAgents.Order() with { Events = "claude", TimeoutSeconds = 500 }, 400, second =>
            _fault = second % 60 < 50 ? new AgentVerdict(RunFailure.Service, "away") : null
        );

        _ends.Should().BeEmpty();
    }

    [Theory]
    [InlineData(false, 30)]
    [InlineData(true, null)]
    public async Task WatchAsync_NoAnswerOfAModel_EndsWhateverIsPrinted(bool hasAnswered, int? at)
    {
        _hasAnswered = hasAnswered;
        await WatchAsync(TestAgents.Order() with { Events = "gemini", FirstAnswerSeconds = 30 }, 60, second => Print(second % 5 == 0));

        _ends
            .Select(static end => (end.End, (int)end.At.TotalSeconds))
            .Should()
            .Equal(at is { } when ? [(SupervisorEnd.NoService, when)] : []);
        _ends
            .Exists(static end => !end.Reason.StartsWith("no answer of a model was seen within 30 s", StringComparison.Ordinal))
            .Should()
            .BeFalse();
    }

    [Fact]
    public async Task WatchAsync_OnlyErrorsPrinted_IsSilence()
    {
        await WatchAsync(TestAgents.Order() with { SilenceSeconds = 5 }, 90, second => _output.Touch(isProgress: second <= 20));

        _ends.Should().ContainSingle().Which.At.Should().Be(TimeSpan.FromSeconds(25));
    }

    [Fact]
    public async Task WatchAsync_NoFirstOutput_Ends()
    {
        await WatchAsync(TestAgents.Order() with { FirstOutputSeconds = 10, SilenceSeconds = 5 }, 50);

        _ends
            .Should()
            .ContainSingle()
            .Which.Should()
            .Be((SupervisorEnd.TimedOut, "it printed nothing for 10 s after its start", TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task WatchAsync_FirstOutputInTime_GoesOn()
    {
        await WatchAsync(TestAgents.Order() with { FirstOutputSeconds = 10 }, 99, second => Print(second is 9));

        _ends.Should().BeEmpty();
    }

    [Fact]
    public async Task WatchAsync_Silence_IsCountedFromTheLastOutput()
    {
        await WatchAsync(TestAgents.Order() with { SilenceSeconds = 5 }, 90, second => Print(second is 20 or 24 or 28));

        _ends
            .Should()
            .ContainSingle()
            .Which.Should()
            .Be((SupervisorEnd.TimedOut, "it printed nothing more for 5 s", TimeSpan.FromSeconds(33)));
    }

    [Fact]
    public async Task WatchAsync_ResultAndNoEnd_EndsAfterTheGrace()
    {
        await WatchAsync(TestAgents.Order() with { Events = "claude", ResultGraceSeconds = 10 }, 90, second => _hasResult |= second is 30);

        _ends
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match<(SupervisorEnd End, string Reason, TimeSpan At)>(end =>
                end.End == SupervisorEnd.EndedAfterResult
                && end.Reason.Contains("within 10 s")
                && end.At >= TimeSpan.FromSeconds(40)
                && end.At <= TimeSpan.FromSeconds(40.5)
            );
    }

    [Fact]
    public async Task WatchAsync_TimeLimitWithinTheGrace_Wins()
    {
        await WatchAsync(TestAgents.Order() with { Events = "claude", ResultGraceSeconds = 10 }, 200, second => _hasResult |= second is 95);

        _ends.Should().ContainSingle().Which.At.Should().Be(TimeSpan.FromSeconds(100));
        _ends[0].End.Should().Be(SupervisorEnd.TimedOut);
    }

    [Fact]
    public async Task WatchAsync_Cancelled_EndsNothing()
    {
        using var stop = new CancellationTokenSource();
        var watch = Limits(TestAgents.Order()).WatchAsync(stop.Token);
        await stop.CancelAsync();
        await watch;
        _time.Advance(TimeSpan.FromSeconds(500));

        _ends.Should().BeEmpty();
    }

    private SupervisorLimits Limits(SupervisorOrder order) =>
        new(
            order,
            _output,
            _time,
            new AgentProgress(() => _hasResult, () => _spent) { HasAnswered = () => _hasAnswered, ServiceFault = () => _fault },
            (end, reason) => _ends.Add((end, reason, _time.GetElapsedTime(_started))),
            () => _warnings.Add(_time.GetElapsedTime(_started))
        );

    private void Print(bool now)
    {
        if (now)
        {
            _output.Touch();
        }
    }

    // The watch is a chain of timers of the fake clock: it goes on on other threads, so the clock moves on only when the next timer stands.
    private async Task WatchAsync(SupervisorOrder order, int seconds, Action<int>? atSecond = null)
    {
        var time = new SteppingTime(_time);
        using var stop = new CancellationTokenSource();
        var limits = new SupervisorLimits(
            order,
            _output,
            time,
            new AgentProgress(() => _hasResult, () => _spent) { HasAnswered = () => _hasAnswered, ServiceFault = () => _fault },
            (end, reason) => _ends.Add((end, reason, _time.GetElapsedTime(_started))),
            () => _warnings.Add(_time.GetElapsedTime(_started))
        );
        var watch = limits.WatchAsync(stop.Token);
        for (var quarter = 1; quarter <= seconds * 4 && !watch.IsCompleted; quarter++)
        {
            var fired = time.Fired;
            _time.Advance(TimeSpan.FromMilliseconds(250));
            if (time.Fired > fired)
            {
                await Eventually.TrueAsync("the next look", () => watch.IsCompleted || time.Created > time.Fired);
            }

            if (quarter % 4 == 0)
            {
                atSecond?.Invoke(quarter / 4);
            }
        }

        await stop.CancelAsync();
        await watch;
    }
}
