using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace LoopOrchestrator.Core.Tests.Alarms;

/// <summary>From what goes wrong in a workspace to what a receiver on a real port gets of it.</summary>
public sealed class NoticeDeliveryTests : IDisposable
{
    private readonly TestWorkspace _test = new(new RunLimits { MaxAttempts = 1, FailuresToEscalate = 1 });
    private readonly NoticeReceiver _receiver = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _test.Dispose();
        _receiver.Dispose();
    }

    [Fact]
    public async Task Escalation_WithRepeatsAndASuccess_IsToldOnceAtItsBeginAndOnceAtItsEnd()
    {
        Configure(Target("escalation", "recovered"));
        await FailAsync();
        await LookAsync();
        await LookAsync();
        await LookAsync();

        var begun = _receiver.Requests.Should().ContainSingle("what goes on is told once").Which;
        using (var told = JsonDocument.Parse(begun.Body))
        {
            told.RootElement.GetProperty("event").GetString().Should().Be("begun");
            told.RootElement.GetProperty("kind").GetString().Should().Be("escalation");
            told.RootElement.GetProperty("version").GetInt32().Should().Be(1);
            told.RootElement.GetProperty("workspace").GetString().Should().Be(_test.Paths.Root);
            told.RootElement.GetProperty("reason").GetString().Should().Contain("failed 1 time(s) in a row");
            told.RootElement.GetProperty("delivery_id").GetString().Should().Be(begun.Headers["X-Loop-Delivery"]);
        }

        await RecoverAsync(() =>
        {
            _receiver.Requests.Should().HaveCount(1, "somebody's word is no success yet");
            return Task.CompletedTask;
        });
        await LookAsync();
        await LookAsync();

        _receiver.Requests.Should().HaveCount(2);
        Encoding.UTF8.GetString(_receiver.Requests[1].Body).Should().Contain("\"recovered\"").And.Contain("ended_at");
        (await _test.Workspace.Status.ReadAsync(Token))
            .Incidents.Should()
            .NotContain(static incident => incident.Kind == IncidentKind.Escalation);
    }

    [Fact]
    public async Task Server_KilledBetweenIncidentAndDelivery_TheNextOneDeliversUnderTheSameId()
    {
        Configure(Target("escalation"));
        _receiver.Status = null;
        await FailAsync();
        await _test.Workspace.IncidentWatch.NotifyAsync(_test.Time, Token);
        await _receiver.Came.WaitAsync(Token);

        // Whatever the first process would still do of it, it does not come to record it.
        _receiver.Status = 204;
        _test.Restart();
        await LookAsync();

        _receiver.Requests.Should().HaveCount(2);
        _receiver
            .Requests.Select(static request => request.Headers["X-Loop-Delivery"])
            .Distinct(StringComparer.Ordinal)
            .Should()
            .ContainSingle("by it the receiver knows what it has had");
        (await _test.Workspace.Status.ReadAsync(Token)).Undelivered.Should().BeEmpty();
    }

    [Fact]
    public async Task Webhook_ThatFailsAndThenWorks_IsTriedLaterAndStatusTellsMeanwhile()
    {
        Configure(Target("escalation"));
        _receiver.Status = 503;
        await FailAsync();
        await LookAsync();

        var told = (await _test.Workspace.Status.ReadAsync(Token));
        told.Undelivered.Should().ContainSingle().Which.Tries.Should().Be(1);
        told.Attention.Should()
            .ContainSingle(static line => line.Contains("could not be delivered", StringComparison.Ordinal))
            .Which.Should()
            .Contain("the address answered 503")
            .And.Contain("tried again at")
            .And.NotContain("key=mine");

        await LookAsync();
        _receiver.Requests.Should().HaveCount(1, "its time has not come");
        _receiver.Status = 200;
        _test.Time.Advance(IncidentNotifier.PauseAfter(1));
        await LookAsync();

        _receiver.Requests.Should().HaveCount(2);
        (await _test.Workspace.Status.ReadAsync(Token)).Undelivered.Should().BeEmpty();
    }

    [Fact]
    public async Task Begin_ThatComesLate_IsToldBeforeItsEndAndSaysThatItIsOver()
    {
        Configure(Target("escalation", "recovered"));
        _receiver.Status = 503;
        await FailAsync();
        await LookAsync();
        await RecoverAsync();

        _receiver.Status = 204;
        await LookAsync();
        _receiver.Requests.Should().HaveCount(1, "nobody is told of the end of what he has not heard of");
        _test.Time.Advance(IncidentNotifier.PauseAfter(1));
        await LookAsync();

        _receiver.Requests.Select(static request => Told(request, "event")).Should().Equal("begun", "begun", "recovered");
        Told(_receiver.Requests[0], "ended_at").Should().BeNull();
        Told(_receiver.Requests[1], "ended_at").Should().NotBeNull().And.Be(Told(_receiver.Requests[2], "ended_at"));
    }

    [Fact]
    public async Task Entry_TakenOutOfTheConfiguration_IsForgottenByTheProcessThatFires()
    {
        var gone = Target("escalation");
        Configure(gone);
        _receiver.Status = 503;
        await FailAsync();
        await LookAsync();
        Configure(new NoticeTarget(0) { On = ["skips"], Webhook = new Uri("http://127.0.0.1:1/another") });

        (await _test.Workspace.Status.ReadAsync(Token)).Undelivered.Should().BeEmpty("nobody wants to be told there");
        (await _test.Workspace.IncidentWatch.CheckAsync(_test.Time, Token)).Should().BeFalse();
        await _test.Workspace.Incidents.NotifyAsync(Token);
        (await PendingAsync()).Should().Be(1, "another process may have another file, or one with an error");

        await _test.Workspace.Servers.BeginSessionAsync(Token);
        (await _test.Workspace.IncidentWatch.CheckAsync(_test.Time, Token)).Should().BeTrue();
        (await PendingAsync()).Should().Be(0);

        Task<long> PendingAsync() => _test.Workspace.Storage.Incidents.CountPendingAsync([gone], Token);
    }

    [Fact]
    public async Task Notices_AllTakenOut_IncidentsEndWithTheProcessThatFires()
    {
        Configure(Target("escalation"));
        await FailAsync();
        await LookAsync();
        Configure();
        var time = new WatchedTime();

        var running = _test.Workspace.IncidentWatch.RunAsync(time, Token);
        await WaitAsync();
        time.Advance(IncidentWatch.Interval);
        await WaitAsync();
        (await OpenAsync()).Should().NotBeEmpty("another process fires, or none, and what it was told counts");

        await _test.Workspace.Servers.BeginSessionAsync(Token);
        time.Advance(IncidentWatch.Interval);
        await running;
        (await OpenAsync()).Should().BeEmpty();

        Task<IReadOnlyList<Incident>> OpenAsync() => _test.Workspace.Storage.Incidents.OpenAsync(Token);
        Task WaitAsync() => Task.WhenAny(time.Waits.WaitAsync(Token), running);
    }

    [Fact]
    public async Task Carrier_ThatBreaks_IsATryLikeAnyOther()
    {
        var target = Target("skips");
        Configure(target);
        var incidents = _test.Workspace.Storage.Incidents;
        var skips = new IncidentSign(IncidentKind.Skips, "schedule 's'", "it is left out");
        await incidents.ReconcileAsync([skips], [IncidentKind.Skips], [target], _test.Now, Token);
        var notifier = Notifier(new AlarmSettings { Notices = [target] }, new BrokenCarrier());

        await notifier.BeginAsync(Token);
        await notifier.Delivery;

        (await incidents.UndeliveredAsync([target], _test.Now, Token))
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match<Delivery>(one =>
                one.Tries == 1 && one.Error == "it broke" && one.NextAt == _test.Now + IncidentNotifier.PauseAfter(1)
            );
    }

    [Fact]
    public async Task Transport_WhateverBreaks_IsAnAnswer()
    {
        using var transport = new NoticeTransport(_test.Paths, _test.Time);
        var headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["not a name"] = "value" };

        (await transport.PostAsync(_receiver.Address, headers, [], Token)).Should().NotBeNullOrEmpty();

        _receiver.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task Webhook_ThatNeverWorks_IsGivenUpAndStaysTold()
    {
        Configure(Target("escalation"));
        _receiver.Status = 500;
        await FailAsync();
        for (var tries = 1; tries <= IncidentNotifier.MaxTries + 2; tries++)
        {
            await LookAsync();
            _test.Time.Advance(IncidentNotifier.PauseAfter(tries));
        }

        _receiver.Requests.Should().HaveCount(IncidentNotifier.MaxTries);
        (await _test.Workspace.Status.ReadAsync(Token))
            .Attention.Should()
            .Contain(static line => line.Contains($"given up after {IncidentNotifier.MaxTries} tries", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Webhook_ThatHangs_DelaysNeitherTheLoopNorOthersAndIsCutOff()
    {
        using var other = new NoticeReceiver();
        Configure(Target("escalation"), new NoticeTarget(1) { On = ["escalation"], Webhook = other.Address });
        _receiver.Status = null;
        await FailAsync();
        await _test.Workspace.IncidentWatch.NotifyAsync(_test.Time, Token);
        await _receiver.Came.WaitAsync(Token);
        await other.Came.WaitAsync(Token);

        // It hangs, and work goes on; looking again does not ask it a second time.
        var delivery = _test.Workspace.IncidentNotifier.Delivery;
        await _test.RunPassAsync();
        await _test.Workspace.IncidentWatch.NotifyAsync(_test.Time, Token);
        delivery.IsCompleted.Should().BeFalse();
        _receiver.Requests.Should().HaveCount(1);

        _test.Time.Advance(TimeSpan.FromSeconds(10));
        await delivery;
        (await _test.Workspace.Status.ReadAsync(Token))
            .Undelivered.Should()
            .ContainSingle()
            .Which.Error.Should()
            .Be("it did not end within 10 s");
        other.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task Target_OfAWorkspaceThatNobodyTrusts_IsNotCalled()
    {
        using var test = new TestWorkspace(trusted: false);
        Configure(test, Target("dead_scheduler"));
        test.WriteSchedules(TestWorkspace.Every(10));

        (await test.Workspace.Incidents.NotifyAsync(Token)).Should().Be(1);

        _receiver.Requests.Should().BeEmpty();
        (await test.Workspace.Status.ReadAsync(Token)).Undelivered.Should().ContainSingle().Which.Error.Should().Contain("not trusted");
    }

    [Fact]
    public async Task Target_ThatNobodyHasSeen_IsNotCalledAndSaysWhy()
    {
        var unseen = new AlarmSettings { Notices = [Target("skips")] };
        var incidents = _test.Workspace.Storage.Incidents;
        await incidents.ReconcileAsync(
            [new IncidentSign(IncidentKind.Skips, "schedule 's'", "it is left out")],
            [IncidentKind.Skips],
            unseen.Notices,
            _test.Now,
            Token
        );
        using var carrier = new NoticeCarrier(_test.Paths, _test.Time, static _ => null);
        var notifier = Notifier(unseen, carrier);

        await notifier.BeginAsync(Token);
        await notifier.Delivery;

        _receiver.Requests.Should().BeEmpty();
        var held = (await incidents.DueAsync(_test.Now, Token)).Should().ContainSingle().Which.Delivery;
        held.Tries.Should().Be(0);
        held.Error.Should().Contain("notices.").And.NotContain("key=mine");
    }

    [Fact]
    public async Task Skips_ThreeInARow_AreToldLikeFailures()
    {
        Configure(Target("skips", "recovered"));
        _test.WriteSchedules(TestWorkspace.Every(10, more: "\"taskInteraction\":\"skip\""));
        await _test.RunPassAsync();
        _test.Supervisors.ComeUp(_test.Supervisors.Orders[^1].RunId);
        await _test.PassAfterAsync(TimeSpan.FromMinutes(10));
        await _test.PassAfterAsync(TimeSpan.FromMinutes(10));
        await LookAsync();
        _receiver.Requests.Should().BeEmpty("twice is less than alarm.skipsToTell");

        await _test.PassAfterAsync(TimeSpan.FromMinutes(10));
        await LookAsync();
        await _test.PassAfterAsync(TimeSpan.FromMinutes(10));
        await LookAsync();

        Encoding.UTF8.GetString(_receiver.Requests.Should().ContainSingle().Which.Body).Should().Contain("taskInteraction is skip");
        var status = await _test.Workspace.Status.ReadAsync(Token);
        status.Attention.Should().Contain(static line => line.Contains("was left out 4 time(s) in a row", StringComparison.Ordinal));
        status.Incidents.Should().ContainSingle(static one => one.Kind == IncidentKind.Skips).Which.Count.Should().Be(4);

        _test.WriteSchedules(TestWorkspace.Every(10, more: "\"taskInteraction\":\"wait\",\"inactivityDelay\":600"));
        await _test.PassAfterAsync(TimeSpan.FromMinutes(10));
        await LookAsync();
        (await _test.Workspace.Status.ReadAsync(Token)).Schedules.Single().Last!.Outcome.Should().BeNull();
        _receiver.Requests.Should().HaveCount(1, "a moment that waits says nothing yet");

        End(0);
        await _test.SweepAsync();
        await _test.RunPassAsync();
        await LookAsync();
        _receiver.Requests.Should().HaveCount(2);
    }

    [Fact]
    public async Task Skips_OfAPauseOrOfACheckThatSaysNo_AreAsTheyShouldBe()
    {
        Configure(Target("skips"));
        _test.WriteSchedules(TestWorkspace.Every(10));
        await _test.RunPassAsync();
        await _test.Workspace.Schedules.PauseAsync("s", "on holiday", Token);
        await _test.PassAfterAsync(TimeSpan.FromHours(5));
        await _test.Workspace.Schedules.ResumeAsync("s", Token);
        await LookAsync();

        (await _test.Workspace.Status.ReadAsync(Token)).Schedules.Single().Skips.Should().BeNull();
        _receiver.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task DeadScheduler_SeenByAWatchdogWithoutAServer_IsToldOnceAndItsEndByTheNextServer()
    {
        Configure(Target("dead_scheduler", "recovered"));
        _test.WriteSchedules(TestWorkspace.Every(10));
        await _test.RunPassAsync();
        _test.Time.Advance(TimeSpan.FromHours(2));

        (await _test.Workspace.Incidents.NotifyAsync(Token)).Should().Be(0);
        (await _test.Workspace.Incidents.NotifyAsync(Token)).Should().Be(0);
        Encoding.UTF8.GetString(_receiver.Requests.Should().ContainSingle().Which.Body).Should().Contain("\"dead_scheduler\"");

        var session = await _test.Workspace.Servers.BeginSessionAsync(Token);
        await _test.RunPassAsync();
        (await _test.Workspace.IncidentWatch.CheckAsync(_test.Time, Token)).Should().BeTrue();
        await _test.Workspace.IncidentNotifier.Delivery;

        _receiver.Requests.Should().HaveCount(2);
        await _test.Workspace.Servers.EndSessionAsync(session, Token);
        (await _test.Workspace.IncidentWatch.CheckAsync(_test.Time, Token)).Should().BeFalse("another process may fire now");
    }

    [Fact]
    public async Task DeadScheduler_SeenOnceByTheProcessThatFires_IsNoIncidentYet()
    {
        Configure(Target("dead_scheduler"));
        _test.WriteSchedules(TestWorkspace.Every(10));
        await _test.Workspace.Servers.BeginSessionAsync(Token);
        await _test.RunPassAsync();
        _test.Time.Advance(TimeSpan.FromHours(2));

        await _test.Workspace.IncidentWatch.CheckAsync(_test.Time, Token);
        (await _test.Workspace.Status.ReadAsync(Token)).Incidents.Should().BeEmpty("a machine that wakes up is looked at again");

        await _test.Workspace.IncidentWatch.CheckAsync(_test.Time, Token);
        await _test.Workspace.IncidentNotifier.Delivery;
        _receiver.Requests.Should().ContainSingle("a loop that stands still is seen from beside it");
    }

    [Fact]
    public async Task Signature_WithASecret_IsThatOfTheBody()
    {
        using var carrier = new NoticeCarrier(_test.Paths, _test.Time, static name => name == "LOOP_NOTICE_SECRET" ? "s3cret" : null);
        var target = Target("escalation") with { SecretVariable = "LOOP_NOTICE_SECRET" };

        (await carrier.CarryAsync(target, "1-begun", "{}"u8.ToArray(), Token)).Should().BeNull();

        _receiver
            .Requests[0]
            .Headers["X-Loop-Signature"]
            .Should()
            .Be($"sha256={Convert.ToHexStringLower(HMACSHA256.HashData("s3cret"u8, "{}"u8))}");
    }

    [Fact]
    public async Task Signature_WithoutItsVariable_SendsNothingAndSaysWhich()
    {
        using var carrier = new NoticeCarrier(_test.Paths, _test.Time, static _ => null);

        (await carrier.CarryAsync(Target("escalation") with { SecretVariable = "LOOP_NOTICE_SECRET" }, "1-begun", [], Token))
            .Should()
            .Contain("LOOP_NOTICE_SECRET");

        _receiver.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task Command_OfANotice_GetsItOnItsInput()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sh is no program of Windows");
        Configure(new NoticeTarget(0) { On = ["escalation"], Command = ["sh", "-c", "cat > told.json"] });
        await FailAsync();
        await LookAsync();

        (await File.ReadAllTextAsync(Path.Combine(_test.Paths.Root, "told.json"), Token)).Should().Contain("\"kind\": \"escalation\"");
    }

    private NoticeTarget Target(params string[] on) => new(0) { On = on, Webhook = _receiver.Address };

    private void Configure(params NoticeTarget[] targets) => Configure(_test, targets);

    private static void Configure(TestWorkspace test, params NoticeTarget[] targets)
    {
        test.Configuration = test.Configuration with { Alarm = new AlarmSettings { Notices = targets } };
        test.Restart();
    }

    private async Task FailAsync()
    {
        _test.WriteSchedules(TestWorkspace.Every(10));
        await _test.RunPassAsync();
        End(1);
        await _test.SweepAsync();
    }

    private async Task RecoverAsync(Func<Task>? resolved = null)
    {
        var open = (await _test.Workspace.Status.ReadAsync(Token)).Escalations.Single();
        await _test.Workspace.Escalations.ResolveAsync(open.Id, "mended", Token);
        if (resolved is not null)
        {
            await LookAsync();
            await resolved();
        }

        await _test.Workspace.Schedules.TriggerAsync("s", Token);
        await _test.RunPassAsync();
        End(0);
        await _test.SweepAsync();
        await LookAsync();
    }

    private IncidentNotifier Notifier(AlarmSettings settings, INoticeCarrier carrier) =>
        new(
            _test.Paths,
            settings,
            "mcp_startup.json",
            _test.Workspace.Storage.Incidents,
            carrier,
            _test.Workspace.Approved,
            new NotifierClock(_test.Time, NullLogger<IncidentNotifier>.Instance)
        );

    private static string? Told(NoticeReceiver.Request request, string member)
    {
        using var told = JsonDocument.Parse(request.Body);
        return told.RootElement.TryGetProperty(member, out var value) ? value.GetString() : null;
    }

    private void End(int exitCode) => _test.Supervisors.End(_test.Supervisors.Orders[^1].RunId, exitCode);

    private async Task LookAsync()
    {
        await _test.Workspace.IncidentWatch.NotifyAsync(_test.Time, Token);
        await _test.Workspace.IncidentNotifier.Delivery;
    }

    private sealed class BrokenCarrier : INoticeCarrier
    {
        public Task<string?> CarryAsync(NoticeTarget target, string id, byte[] notice, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("it broke");
    }
}
