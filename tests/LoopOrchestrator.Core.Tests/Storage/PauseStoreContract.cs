using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Ledger;

namespace LoopOrchestrator.Core.Tests.Storage;

[ContractOf(typeof(IPauseStore))]
public abstract class PauseStoreContract : StorageContract
{
    private protected PauseStoreContract(IStorageBackend backend)
        : base(backend) { }

    private IPauseStore Pauses => Storage.Pauses;

    [Fact]
    public async Task Pause_OfASchedule_CancelsItsQueueAndLeavesTheRest()
    {
        await AddAsync(Queued("run-a", "s"));
        await AddAsync(Queued("run-b", "t"));

        (await Pauses.PauseAsync("s", "holiday", Start, Token)).Should().Equal("run-a");

        ((await GetAsync("run-a")).State, (await GetAsync("run-b")).State).Should().Be((RunState.Cancelled, RunState.Queued));
        (await Pauses.FindReasonAsync("s", Token)).Should().Be("holiday");
        (await Pauses.FindReasonAsync("t", Token)).Should().BeNull();
        (await Pauses.FindReasonAsync(null, Token)).Should().BeNull();
    }

    [Fact]
    public async Task Pause_ByAPerson_LeavesWhatWasAskedForByHand()
    {
        await Storage.Ledger.TriggerAsync("s", Queued("run-a", "s"), "triggered by hand", Token);

        (await Pauses.PauseAsync("s", "holiday", Start, Token)).Should().BeEmpty();

        (await GetAsync("run-a")).State.Should().Be(RunState.Queued);
        (await Pauses.FindReasonAsync("s", Token)).Should().Be("holiday");
    }

    [Fact]
    public async Task Pause_OfAll_IsTheReasonOfEach()
    {
        await Pauses.PauseAsync(ScheduleState.AllSchedules, "holiday", Start, Token);

        (await Pauses.FindReasonAsync("s", Token)).Should().Be("holiday");
    }

    [Fact]
    public async Task Resume_Twice_IsTrueOnce()
    {
        await Pauses.PauseAsync("s", "holiday", Start, Token);

        (await Pauses.ResumeAsync("s", Start.AddHours(1), Token)).Should().BeTrue();
        (await Pauses.ResumeAsync("s", Start.AddHours(2), Token)).Should().BeFalse();
        (await Storage.Ledger.StatesAsync(Token))["s"].ResumedAt.Should().Be(Start.AddHours(1));
    }

    [Fact]
    public async Task EndDue_OfAPauseForTheDay_EndsItWhenTheDayIsOver()
    {
        var limits = new RunLimits
        {
            MaxAttempts = 1,
            Budget = new RunBudget { CostPerSchedulePerDayUsd = 1 },
        };
        await EndedAsync(Queued("run-a", "s"), Succeeded() with { CostUsd = 2 }, Policy(limits));
        (await Pauses.FindReasonAsync("s", Token)).Should().Contain("budget");

        await Pauses.EndDueAsync(Start.AddHours(1), Token);
        (await Pauses.FindReasonAsync("s", Token)).Should().NotBeNull();

        await Pauses.EndDueAsync(Start.AddDays(1), Token);
        (await Pauses.FindReasonAsync("s", Token)).Should().BeNull();
    }
}
