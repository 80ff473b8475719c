using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Scheduling;

public sealed class SchedulerRulesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RequireActivity_NothingChangedSinceTheLastRun_IsSkippedUntilSomethingDoes()
    {
        using var test = new TestWorkspace();
        test.Supervisors.OnLaunch = order => test.Supervisors.End(order.RunId);
        test.WriteSchedules(TestWorkspace.Every(10, more: "\"requireActivity\":true"));
        File.SetLastWriteTimeUtc(test.Paths.Schedules, test.Now.UtcDateTime);
        await test.RunPassAsync();
        await RunPassesAsync(test, 10);
        await RunPassesAsync(test, 10);

        (await HistoryAsync(test)).Select(row => row.Outcome).Should().Equal(OccurrenceOutcome.Skipped, OccurrenceOutcome.Started);
        (await HistoryAsync(test))[0].Reason.Should().Contain("requireActivity");

        await File.WriteAllTextAsync(Path.Combine(test.Paths.Root, "work.txt"), "x", Token);
        File.SetLastWriteTimeUtc(Path.Combine(test.Paths.Root, "work.txt"), test.Now.UtcDateTime);
        await RunPassesAsync(test, 10);

        (await HistoryAsync(test))[0].Outcome.Should().Be(OccurrenceOutcome.Started);
    }

    [Fact]
    public async Task HandOff_NobodyClaims_OneWaitsAndLaterMomentsJoinIt()
    {
        using var test = new TestWorkspace(defaultAgent: "handoff");
        test.WriteSchedules(TestWorkspace.Every(10));
        await test.RunPassAsync();
        for (var round = 0; round < 3; round++)
        {
            await RunPassesAsync(test, 10);
        }

        var run = (await test.Workspace.Runs.ListAsync(new RunFilter(), Token))
            .Should()
            .ContainSingle(only => only.State == RunState.Queued)
            .Which;
        var history = await HistoryAsync(test);
        history
            .Select(row => row.Outcome)
            .Should()
            .Equal(OccurrenceOutcome.Coalesced, OccurrenceOutcome.Coalesced, OccurrenceOutcome.Coalesced, OccurrenceOutcome.Started);
        history.Should().OnlyContain(row => row.RunId == run.Id);
        history[0].Reason.Should().Contain("waits to be claimed");
    }

    [Fact]
    public async Task HandOff_ClaimedAndDueAgain_OneMoreWaitsAndStartsAfterIt()
    {
        using var test = new TestWorkspace(defaultAgent: "handoff");
        test.WriteSchedules(TestWorkspace.Every(10, more: "\"taskInteraction\":\"wait\",\"timeoutSeconds\":86400"));
        await test.RunPassAsync();
        var first = await test.Workspace.Runs.ClaimAsync(id: null, mode: null, Token);
        await RunPassesAsync(test, 10);
        await RunPassesAsync(test, 10);

        (await test.Workspace.Storage.Ledger.WaitingAsync(Token)).Should().ContainSingle();
        (await test.Workspace.Runs.ClaimAsync(id: null, mode: null, Token)).Should().BeNull();

        await test.Workspace.Runs.CompleteAsync(
            first!.Id,
            new RunReport(RunState.Succeeded, "done", [], [], []),
            leaseToken: first.LeaseToken,
            cancellationToken: Token
        );
        await test.RunPassAsync();

        (await test.Workspace.Storage.Ledger.WaitingAsync(Token)).Should().BeEmpty();
        (await test.Workspace.Runs.ClaimAsync(id: null, mode: null, Token))!.Id.Should().NotBe(first.Id);
        (await HistoryAsync(test))
            .Select(row => row.Outcome)
            .Should()
            .Equal(OccurrenceOutcome.Coalesced, OccurrenceOutcome.Started, OccurrenceOutcome.Started);
    }

    private static Task RunPassesAsync(TestWorkspace test, int minutes) => test.PassAfterAsync(TimeSpan.FromMinutes(minutes));

    private static Task<IReadOnlyList<Occurrence>> HistoryAsync(TestWorkspace test) =>
        test.Workspace.Schedules.Ledger.HistoryAsync("s", 100, Token);
}
