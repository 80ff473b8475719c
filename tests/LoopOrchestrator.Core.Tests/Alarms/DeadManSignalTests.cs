using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace LoopOrchestrator.Core.Tests.Alarms;

public sealed class DeadManSignalTests : IDisposable
{
    private static readonly Uri Address = new("https://example.org/ping/mine");

    private readonly TestWorkspace _test = new();
    private readonly Calls _calls = new();
    private bool _isWell = true;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public DeadManSignalTests() => Name(_test);

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Signal_FiringAndWell_CallsTheAddress()
    {
        await _test.Workspace.Servers.BeginSessionAsync(Token);

        (await Signal().SignalAsync(Token)).Should().BeTrue();

        _calls.Made.Should().Equal(Address);
    }

    [Fact]
    public async Task Signal_NotWell_StaysAwayUntilItIs()
    {
        await _test.Workspace.Servers.BeginSessionAsync(Token);
        var signal = Signal();
        _isWell = false;

        (await signal.SignalAsync(Token)).Should().BeFalse();
        _calls.Made.Should().BeEmpty("the call that stays away is the alarm");

        _isWell = true;
        (await signal.SignalAsync(Token)).Should().BeTrue();
    }

    [Fact]
    public async Task Signal_NobodyFires_StaysAway()
    {
        (await Signal().SignalAsync(Token)).Should().BeFalse();

        var session = await _test.Workspace.Servers.BeginSessionAsync(Token);
        await _test.Workspace.Servers.EndSessionAsync(session, Token);
        (await Signal().SignalAsync(Token)).Should().BeFalse();

        _calls.Made.Should().BeEmpty();
    }

    [Fact]
    public async Task Signal_NobodyTrustsTheWorkspace_StaysAway()
    {
        using var test = new TestWorkspace(trusted: false);
        Name(test);
        await test.Workspace.Servers.BeginSessionAsync(Token);

        (await Signal(test).SignalAsync(Token)).Should().BeFalse();

        _calls.Made.Should().BeEmpty();
    }

    [Fact]
    public async Task Signal_AnAddressThatNobodyHasSeen_StaysAway()
    {
        await _test.Workspace.Servers.BeginSessionAsync(Token);

        (await Signal(address: new Uri("https://example.org/ping/theirs")).SignalAsync(Token)).Should().BeFalse();

        _calls.Made.Should().BeEmpty();
    }

    [Fact]
    public async Task Signal_TheAddressDoesNotAnswer_ChangesNothingElse()
    {
        await _test.Workspace.Servers.BeginSessionAsync(Token);
        _calls.Answer = "the address answered 500";

        (await Signal().SignalAsync(Token)).Should().BeFalse();

        (await _test.Workspace.Status.ReadAsync(Token)).Attention.Should().BeEmpty();
    }

    [Fact]
    public async Task Signal_ANoticeThatNobodyTook_KeepsItAwayNoLongerThanItsIncident()
    {
        using var address = new NoticeReceiver();
        using var receiver = new NoticeReceiver { Status = 500 };
        var target = new NoticeTarget(0) { On = ["skips"], Webhook = receiver.Address };
        _test.Configuration = _test.Configuration with
        {
            Alarm = new AlarmSettings { DeadManUrl = address.Address, Notices = [target] },
        };
        _test.Restart();
        await _test.Workspace.Servers.BeginSessionAsync(Token);
        var incidents = _test.Workspace.Storage.Incidents;
        var skips = new IncidentSign(IncidentKind.Skips, "schedule 's'", "it is left out");
        await incidents.ReconcileAsync([skips], [IncidentKind.Skips], [target], _test.Now, Token);
        await _test.Workspace.IncidentNotifier.BeginAsync(Token);
        await _test.Workspace.IncidentNotifier.Delivery;
        await incidents.ReconcileAsync([], [IncidentKind.Skips], [target], _test.Now, Token);
        (await _test.Workspace.Status.ReadAsync(Token)).Attention.Should().ContainSingle().Which.Should().Contain("could not be delivered");

        (await _test.Workspace.DeadManSignal.SignalAsync(Token)).Should().BeTrue("the loop is well, whoever has not heard of what is over");

        address.Requests.Should().ContainSingle();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Signal_WhatCannotBeLookedAt_IsNotWell(bool isTold)
    {
        await _test.Workspace.Servers.BeginSessionAsync(Token);
        var signal = Signal(isWell: _ =>
            throw (isTold ? new UserErrorException("the disk is full") : new InvalidOperationException("a fault of ours"))
        );

        (await signal.SignalAsync(Token)).Should().BeFalse();

        _calls.Made.Should().BeEmpty();
    }

    [Fact]
    public async Task Run_WithoutAnAddress_IsNothing()
    {
        var signal = new DeadManSignal(
            new AlarmSettings(),
            "mcp_startup.json",
            _test.Workspace.Approved,
            _test.Workspace.Servers,
            static _ => Task.FromResult(true),
            _calls,
            NullLogger<DeadManSignal>.Instance
        );

        await signal.RunAsync(_test.Time, Token);

        _calls.Made.Should().BeEmpty();
    }

    [Fact]
    public async Task Run_AsTimePasses_CallsOnceAMinute()
    {
        await _test.Workspace.Servers.BeginSessionAsync(Token);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var time = new WatchedTime();
        var running = Signal().RunAsync(time, end.Token);
        await time.Waits.WaitAsync(Token);

        time.Advance(DeadManSignal.Interval - TimeSpan.FromSeconds(1));
        _calls.Made.Should().HaveCount(1, "it waits, and nothing else can wake it");
        time.Advance(TimeSpan.FromSeconds(1));
        await time.Waits.WaitAsync(Token);
        _calls.Made.Should().HaveCount(2);

        await end.CancelAsync();
        await running;
    }

    // Its file names the address, and the word of trust is for that.
    private static void Name(TestWorkspace test)
    {
        test.Configuration = test.Configuration with { Alarm = new AlarmSettings { DeadManUrl = Address } };
        test.Restart();
    }

    private DeadManSignal Signal(TestWorkspace? test = null, Func<CancellationToken, Task<bool>>? isWell = null, Uri? address = null) =>
        new(
            new AlarmSettings { DeadManUrl = address ?? Address },
            "mcp_startup.json",
            (test ?? _test).Workspace.Approved,
            (test ?? _test).Workspace.Servers,
            isWell ?? (_ => Task.FromResult(_isWell)),
            _calls,
            NullLogger<DeadManSignal>.Instance
        );

    private sealed class Calls : IAddressCaller
    {
        private readonly List<Uri> _made = [];

        public IReadOnlyList<Uri> Made => _made;

        public string? Answer { get; set; }

        public Task<string?> GetAsync(Uri address, CancellationToken cancellationToken)
        {
            _made.Add(address);
            return Task.FromResult(Answer);
        }
    }
}
