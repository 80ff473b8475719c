using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Retention;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Ledger;

namespace LoopOrchestrator.Core.Tests.Storage;

[ContractOf(typeof(IRetentionStore))]
public abstract class RetentionStoreContract : StorageContract
{
    private static readonly DateTimeOffset Late = Start.AddDays(1);

    private protected RetentionStoreContract(IStorageBackend backend)
        : base(backend) { }

    private IRetentionStore Retention => Storage.Retention;

    [Fact]
    public async Task RemoveRuns_GoesOnOwesOrIsAboveSomething_IsKept()
    {
        await EndedAsync(Queued("run-over"), Succeeded());
        await Storage.Runs.ClearPendingAsync([("run-over", Row: true, Memory: true)], Token);
        await EndedAsync(Queued("run-owes"), Succeeded());
        await RunningAsync(Queued("run-above"));
        await AddAsync(Queued("run-below", parent: "run-above"));
        await Storage.Runs.EndAttemptAsync("run-above", Succeeded(), Policy(), Token);
        await Storage.Runs.ClearPendingAsync([("run-above", Row: true, Memory: true)], Token);

        (await Retention.RemovableFoldersAsync(Token)).Keys.Should().BeEquivalentTo("run-over", "run-above");
        (await Retention.RemoveRunsAsync(Late, Token)).Should().Be(1);
        (await Retention.RemoveRunsAsync(Late, Token)).Should().Be(0);

        (await Storage.Runs.FindAsync("run-over", Token)).Should().BeNull();
        (await Storage.Runs.DecisionsAsync("run-over", Token)).Should().BeEmpty();
        (await Storage.Runs.FindAsync("run-owes", Token)).Should().NotBeNull();
        (await Storage.Runs.FindAsync("run-above", Token)).Should().NotBeNull();
    }

    [Fact]
    public async Task RemoveRuns_CountOfFailuresIsAboutIt_IsKept()
    {
        await EndedAsync(Queued("run-bad"), Failed());
        await Storage.Runs.ClearPendingAsync([("run-bad", Row: true, Memory: true)], Token);

        (await Retention.RemoveRunsAsync(Late, Token)).Should().Be(0);
    }

    [Fact]
    public async Task RemoveOccurrences_OldOnes_KeepsTheNewestAndRemembersHowFarTheyWent()
    {
        for (var number = 0; number < 3; number++)
        {
            var moment = Start.AddMinutes(number);
            await Storage.Ledger.EnterAsync(Skipped(moment, $"reason {number}", number == 0 ? null : moment.AddMinutes(-1)), Token);
        }

        (await Retention.RemoveOccurrencesAsync(Late, Token)).Should().Be(2);
        (await Retention.RemoveOccurrencesAsync(Late, Token)).Should().Be(0);

        (await Storage.Ledger.HistoryAsync("s", 10, Token)).Should().ContainSingle().Which.DueAt.Should().Be(Start.AddMinutes(2));
        (await Storage.Ledger.EnterAsync(Skipped(Start.AddMinutes(1), "again", Start), Token)).Should().BeNull();
    }

    [Fact]
    public async Task OldestOf_SoManyOfTheNewest_IsWhenThoseBegin()
    {
        for (var number = 0; number < 3; number++)
        {
            await AddAsync(Queued($"run-{number}") with { CreatedAt = Start.AddMinutes(number) });
        }

        (await Retention.OldestOfAsync(1, Token)).Should().Be(Start.AddMinutes(1));
        (await Retention.OldestOfAsync(3, Token)).Should().BeNull();
    }

    [Fact]
    public async Task RemoveRequests_OldOnes_GoWhenTheirRunIsGone()
    {
        var (ofRun, ofNone, late) = (RequestKey.Of("t", "1", [])!, RequestKey.Of("t", "2", [])!, RequestKey.Of("t", "3", [])!);
        await Storage.Runs.AddAsync(Queued("run-over"), "why", ofRun, note: null, Token);
        await Storage.Requests.EnterAsync(ofNone, note: null, Start, Token);
        await Storage.Requests.EnterAsync(late, note: null, Late, Token);

        (await Retention.RemoveRequestsAsync(Late, Token)).Should().Be(1);

        (await Storage.Requests.FindAsync(ofNone, Token)).Should().BeNull();
        (await Storage.Requests.FindAsync(ofRun, Token)).Should().NotBeNull("its run is there");
        await Storage.Runs.TryStartAsync("run-over", new(Start), Token);
        await Storage.Runs.EndAttemptAsync("run-over", Succeeded(), Policy(), Token);
        await Storage.Runs.ClearPendingAsync([("run-over", Row: true, Memory: true)], Token);
        (await Retention.RemoveRunsAsync(Late, Token)).Should().Be(1);

        (await Retention.RemoveRequestsAsync(Late, Token)).Should().Be(1);
        (await Retention.RemoveRequestsAsync(Late, Token)).Should().Be(0);

        (await Storage.Requests.FindAsync(ofRun, Token)).Should().BeNull();
        (await Storage.Requests.FindAsync(late, Token)).Should().NotBeNull("it is not old enough");
    }

    private static FireRequest Skipped(DateTimeOffset moment, string reason, DateTimeOffset? plannedFrom) =>
        new(
            "s",
            moment,
            [new DueSegment(moment, moment, 1, OccurrenceOutcome.Skipped, reason)],
            TaskInteraction.Wait,
            KeepsEach: false,
            Plan: null
        )
        {
            PlannedFrom = plannedFrom,
        };
}
