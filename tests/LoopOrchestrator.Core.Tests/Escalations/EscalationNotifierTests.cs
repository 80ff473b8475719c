using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Escalations;

public sealed class EscalationNotifierTests
{
    private static readonly EscalationChannels Both = new() { Command = ["tell"], Webhook = new Uri("https://example.org/hook") };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Escalation_SeveralChannels_IsToldOnceToEach()
    {
        using var test = await EscalateAsync();
        await SendDueAsync(test);
        await SendDueAsync(test);

        test.Notices.Sent.Select(sent => sent.Channel).Should().BeEquivalentTo("command", "webhook");
        test.Notices.Sent.Should()
            .OnlyContain(sent =>
                sent.Text.Contains("\"escalation_id\": 1", StringComparison.Ordinal)
                && sent.Text.Contains("failed 1 time(s) in a row", StringComparison.Ordinal)
            );
        (await test.Workspace.Status.ReadAsync(Token))
            .Notices.Should()
            .HaveCount(2)
            .And.OnlyContain(notice => notice.DeliveredAt != null && notice.Tries == 1);
    }

    [Fact]
    public async Task Refused_IsTriedLaterAndLater_ThenGivenUpAndStatusTells()
    {
        using var test = await EscalateAsync(new EscalationChannels { Webhook = Both.Webhook });
        test.Notices.Answer = (_, _) => Task.FromResult<string?>("the address answered 503");
        var tries = new List<double>();
        var start = test.Now;
        for (var second = 0; second < 2000; second += 5)
        {
            var before = test.Notices.Sent.Count;
            await SendDueAsync(test);
            if (test.Notices.Sent.Count > before)
            {
                tries.Add((test.Now - start).TotalSeconds);
            }

            test.Time.Advance(TimeSpan.FromSeconds(5));
        }

        tries.Should().Equal(0, 10, 50, 210, 850);
        (await test.Workspace.Status.ReadAsync(Token))
            .Attention.Should()
            .Contain("Escalation 1 could not be told by webhook: the address answered 503; given up after 5 tries.");
    }

    [Fact]
    public async Task Channel_ThatBreaks_IsATryLikeAnyOther()
    {
        using var test = await EscalateAsync(new EscalationChannels { Webhook = Both.Webhook });
        test.Notices.Answer = static (_, _) => throw new InvalidOperationException("it broke");

        await SendDueAsync(test);
        await SendDueAsync(test);

        test.Notices.Sent.Should().ContainSingle("the next try comes later");
        (await test.Workspace.Status.ReadAsync(Token))
            .Notices.Should()
            .ContainSingle()
            .Which.Should()
            .Match<Notice>(static notice => notice.Tries == 1 && notice.Error == "it broke" && notice.NextAt != null);
    }

    [Fact]
    public async Task ChannelThatHangs_DelaysNothing_AndARestartTellsAgain()
    {
        using var test = await EscalateAsync(new EscalationChannels { Command = ["tell"] });
        test.Notices.Answer = static async (_, cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return null;
        };
        await test.RunPassAsync();
        await test.RunPassAsync();
        await test.Workspace.Runs.RequestAsync(new RunRequest("code", "other"), Token);
        await test.RunPassAsync();
        test.Supervisors.Orders.Should().HaveCount(2, "the loop goes on");
        await Eventually.TrueAsync("it is being told", () => test.Notices.Sent.Count == 1);
        var hanging = test.Workspace.Notifier.Delivery;
        test.Workspace.Dispose();
        await hanging;

        test.Notices.Answer = static (_, _) => Task.FromResult<string?>(null);
        test.Restart();
        await SendDueAsync(test);

        test.Notices.Sent.Should().HaveCount(2);
        (await test.Workspace.Status.ReadAsync(Token)).Notices.Should().ContainSingle().Which.DeliveredAt.Should().NotBeNull();
    }

    [Fact]
    public async Task Untrusted_NothingIsStartedOrSent_AndStatusSaysSo()
    {
        using var test = new TestWorkspace(
            new RunLimits { FailuresToEscalate = 1 },
            trusted: false,
            defaultAgent: "handoff",
            channels: Both
        );
        var run = await test.Workspace.Runs.RequestAsync(new RunRequest("code", "work"), Token);
        await test.Workspace.Runs.CompleteAsync(
            run.Id,
            new RunReport(RunState.Failed, "no", [], [], []),
            leaseToken: run.LeaseToken,
            cancellationToken: Token
        );
        await SendDueAsync(test);

        test.Notices.Sent.Should().BeEmpty();
        (await test.Workspace.Status.ReadAsync(Token))
            .Attention.Count(line => line.Contains("Nobody was told of escalation 1", StringComparison.Ordinal))
            .Should()
            .Be(2);
    }

    [Fact]
    public async Task Escalation_Resolved_IsToldNoMore()
    {
        using var test = await EscalateAsync();
        await test.Workspace.Escalations.ResolveAsync(1, "done", Token);
        await SendDueAsync(test);

        test.Notices.Sent.Should().BeEmpty();
    }

    private static async Task<TestWorkspace> EscalateAsync(EscalationChannels? channels = null)
    {
        var test = new TestWorkspace(new RunLimits { FailuresToEscalate = 1, MaxAttempts = 1 }, channels: channels ?? Both);
        await test.Workspace.Runs.RequestAsync(new RunRequest("code", "work"), Token);
        test.Supervisors.OnLaunch = order => test.Supervisors.End(order.RunId, exitCode: 1);
        await test.RunPassAsync();
        test.Supervisors.OnLaunch = null;

        // Its end, without the look that tells: as if the server was killed between the two.
        await test.SweepAsync();
        return test;
    }

    private static async Task SendDueAsync(TestWorkspace test)
    {
        await test.RunPassAsync();
        await test.Workspace.Notifier.Delivery;
    }
}
