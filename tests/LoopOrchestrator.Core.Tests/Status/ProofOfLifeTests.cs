using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Core.Tests.Scheduling;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Status;

public sealed class ProofOfLifeTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(76, 432, 0, 0, 4, "Firing since 3 d 4 h. 432 of 432 due moments have an outcome. Next: s in 4 min.")]
    [InlineData(76, 432, 2, 0, 0, "Firing since 3 d 4 h. 430 of 432 due moments have an outcome, 2 wait. Next: s now.")]
    [InlineData(1, 5, 1, 2, 4, "Firing since 1 h. 4 of 7 due moments have an outcome, 1 waits, 2 have none. Next: s in 4 min.")]
    [InlineData(1, 0, 0, 1, 4, "Firing since 1 h. 0 of 1 due moment has an outcome, 1 has none. Next: s in 4 min.")]
    [InlineData(0, 0, 0, 0, 4, "Firing since 0 s. 0 of 0 due moments have an outcome. Next: s in 4 min.")]
    [InlineData(-1, 9, 0, 3, 4, "Nothing fires: no server runs on this workspace. 9 of 12 due moments have an outcome, 3 have none.")]
    public void Describe_CountsOfTheLedger_AreTold(int hours, long due, long waiting, long missing, int minutes, string expected)
    {
        var schedule = Active() with { NextOccurrence = Now.AddMinutes(minutes), MissingCount = missing };
        var life = ProofOfLife.Of([schedule], hours < 0 ? null : Now.AddHours(-hours), new DueCount(due, waiting));

        life.Describe(Now).Should().Be(expected);
        life.IsAlive.Should().Be(hours >= 0 && missing == 0);
    }

    [Theory]
    [InlineData(true, "Firing since 1 h. 0 of 0 due moments have an outcome. Next: nothing, no schedule is active.")]
    [InlineData(false, "Nothing fires: no server runs, and no schedule is active. 0 of 0 due moments have an outcome.")]
    public void Describe_NothingIsActive_IsNoAlarm(bool fires, string expected)
    {
        var life = ProofOfLife.Of([], fires ? Now.AddHours(-1) : null, new DueCount(0, 0));

        life.Describe(Now).Should().Be(expected);
        life.IsAlive.Should().BeTrue();
    }

    [Fact]
    public void Describe_TheEarliestIsPaused_NamesTheOneThatFires()
    {
        var paused = Active() with { NextOccurrence = Now.AddMinutes(1), Paused = "since yesterday" };
        var other = Active() with { NextOccurrence = Now.AddMinutes(9) };

        ProofOfLife.Of([paused, other], Now, new DueCount(0, 0)).Describe(Now).Should().EndWith("Next: s in 9 min.");
        ProofOfLife
            .Of([paused], Now, new DueCount(0, 0))
            .Describe(Now)
            .Should()
            .EndWith("Next: nothing, each schedule is paused or never due again.");
    }

    [Fact]
    public async Task Read_AWorkspaceWhoseServerWentAway_CountsWhatNothingFired()
    {
        using var test = new TestWorkspace(defaultAgent: "handoff");
        test.WriteSchedules(TestWorkspace.Every(10));
        await test.Workspace.Servers.BeginSessionAsync(Token);
        await test.Workspace.Servers.EnterAsync("stdio", trusted: true, Token);
        await test.RunPassAsync();
        await test.PassAfterAsync(TimeSpan.FromMinutes(10));
        var fired = (await test.Workspace.Status.ReadAsync(Token)).Life;

        // Three moments pass; the third is still within its minute.
        test.Time.Advance(
            (await test.Workspace.Status.SchedulesAsync(Token))[0].NextOccurrence!.Value.AddMinutes(20).AddSeconds(30) - test.Now
        );
        var after = (await test.Workspace.Status.ReadAsync(Token)).Life;

        (fired.Due, fired.Waiting, fired.Missing).Should().Be((2, 0, 0));
        (after.Due, after.WithOutcome, after.Missing, after.IsAlive).Should().Be((4, 2, 2, false));
    }

    [Fact]
    public async Task Read_APausedScheduleWithoutAServer_MissesNothing()
    {
        using var test = new TestWorkspace(defaultAgent: "handoff");
        test.WriteSchedules(TestWorkspace.Every(10));
        await test.RunPassAsync();
        await test.Workspace.Schedules.PauseAsync("s", "holidays", Token);

        test.Time.Advance(TimeSpan.FromDays(3));

        var status = await test.Workspace.Status.ReadAsync(Token);
        status.Life.Missing.Should().Be(0, "the next server leaves them out");
        status.Schedules[0].OverdueSince.Should().BeNull("one reason is told for it, and that is the pause");
        (await test.Workspace.Status.OverdueAsync(Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task Read_AScheduleOfEachMinuteAfterAYear_CountsUpToALimit()
    {
        using var test = new TestWorkspace(defaultAgent: "handoff");
        test.WriteSchedules(TestWorkspace.Every(1));
        await test.RunPassAsync();

        test.Time.Advance(TimeSpan.FromDays(365));

        (await test.Workspace.Status.ReadAsync(Token)).Life.Describe(test.Now).Should().Contain("at least 1000 have none");
    }

    private static ScheduleStatus Active() =>
        new(TestSchedules.Every(10, TimeUnit.Minute) with { Active = true }, null, null, null, null, null);
}
