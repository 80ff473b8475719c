using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Tests.Storage;

[ContractOf(typeof(IEscalationStore))]
public abstract class EscalationStoreContract : StorageContract
{
    private protected EscalationStoreContract(IStorageBackend backend)
        : base(backend) { }

    private IEscalationStore Escalations => Storage.Escalations;

    [Fact]
    public async Task Failures_OfAStep_AreCountedUntilItSucceeds()
    {
        var run = await EndedAsync(Queued("run-1", "s"), Failed());
        await EndedAsync(Queued("run-2", "s"), Failed());
        (await Escalations.FailuresAsync(run, Token)).Should().Be(2);

        await EndedAsync(Queued("run-3", "s"), new RunEnd(RunState.Cancelled, Start, "not needed"));
        (await Escalations.FailuresAsync(run, Token)).Should().Be(2, "a cancelled run says nothing");

        await EndedAsync(Queued("run-4", "s"), Succeeded());
        (await Escalations.FailuresAsync(run, Token)).Should().Be(0);
    }

    [Fact]
    public async Task Resolve_OfOne_BeginsTheCountAnewAndLetsItsScheduleGoOn()
    {
        var id = await EscalatedAsync();

        var (escalation, resumed) = await Escalations.ResolveAsync(id, " mended ", Start.AddHours(1), Token);

        (escalation.Note, resumed).Should().Be(("mended", true));
        (await Escalations.FindOpenAsync(StepKey.Of("s", "", ""), Token)).Should().BeNull();
        (await Escalations.FailuresAsync(Queued("run-x", "s"), Token)).Should().Be(0);
        (await Storage.Pauses.FindReasonAsync("s", Token)).Should().BeNull();
        (await Storage.Notices.DueAsync(Start.AddDays(1), Token)).Should().BeEmpty("nobody needs to be told any more");
        (await Escalations.ListAsync(all: false, 10, Token)).Should().BeEmpty();
        (await Escalations.ListAsync(all: true, 10, Token)).Should().ContainSingle();
    }

    [Fact]
    public async Task Resolve_WithAPauseOfAPerson_LeavesThat()
    {
        var id = await EscalatedAsync();
        await Storage.Pauses.PauseAsync("s", "I look into it", Start, Token);

        (await Escalations.ResolveAsync(id, "mended", Start, Token)).Resumed.Should().BeFalse();
        (await Storage.Pauses.FindReasonAsync("s", Token)).Should().Be("I look into it");
    }

    [Fact]
    public async Task Resolve_WithAPauseOfAPersonInTheSameWords_LeavesThat()
    {
        var id = await EscalatedAsync();
        var words = (await Storage.Pauses.FindReasonAsync("s", Token))!;
        await Storage.Pauses.PauseAsync("s", words, Start, Token);

        (await Escalations.ResolveAsync(id, "mended", Start, Token)).Resumed.Should().BeFalse("who paused is known, whatever was said");
        (await Storage.Pauses.FindReasonAsync("s", Token)).Should().Be(words);
    }

    [Fact]
    public async Task Resolve_OfWhatCannotBe_ThrowsAndChangesNothing()
    {
        var id = await EscalatedAsync();

        await Refused(() => Escalations.ResolveAsync(id + 1, "mended", Start, Token), $"*no escalation {id + 1}*Open: {id}*");
        await Refused(() => Escalations.ResolveAsync(id, " ", Start, Token), "*note is empty*");
        (await Escalations.ListAsync(all: false, 10, Token)).Should().ContainSingle();
        await Escalations.ResolveAsync(id, "mended", Start, Token);
        await Refused(() => Escalations.ResolveAsync(id, "again", Start, Token), "*resolved*already*mended*");
    }

    [Fact]
    public async Task Owed_EntryAndRecovery_AreSettledEachByItself()
    {
        var id = await EscalatedAsync();
        await Escalations.ClearOwedAsync(id, recovery: false, Token);
        (await Escalations.OwedAsync(Token)).Should().BeEmpty();

        await EndedAsync(Queued("run-good", "s"), Succeeded());
        (await Escalations.OwedAsync(Token)).Should().ContainSingle().Which.RecoveredRunId.Should().Be("run-good");
        await Escalations.ClearOwedAsync(id, recovery: true, Token);
        (await Escalations.OwedAsync(Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task Unrecovered_AnEscalation_GoesOnUntilASuccessOrADayBehindTheWordOfAPerson()
    {
        var id = await EscalatedAsync();
        (await UnrecoveredAsync(Start.AddDays(9))).Should().Equal(id);

        await Escalations.ResolveAsync(id, "mended", Start.AddDays(9), Token);
        (await UnrecoveredAsync(Start.AddDays(9).AddHours(23))).Should().Equal([id], "nothing has succeeded yet");
        (await UnrecoveredAsync(Start.AddDays(10))).Should().BeEmpty();

        await EndedAsync(Queued("run-good", "s"), Succeeded());
        (await UnrecoveredAsync(Start.AddDays(9))).Should().BeEmpty();
    }

    [Fact]
    public async Task Unrecovered_AStepThatEscalatesAgain_KeepsTheOneBeforeUntilItSucceeds()
    {
        var first = await EscalatedAsync();
        await Escalations.ResolveAsync(first, "mended", Start.AddHours(1), Token);
        var second = await EscalatedAsync("run-worse", Start.AddHours(2));
        (await UnrecoveredAsync(Start.AddDays(9))).Should().Equal([first, second], "the step has shown that it was not mended");

        await Escalations.ResolveAsync(second, "mended", Start.AddDays(10), Token);
        var third = await EscalatedAsync("run-worst", Start.AddDays(12));
        (await UnrecoveredAsync(Start.AddDays(12))).Should().Equal([third], "the word of a person was believed meanwhile");

        await EndedAsync(Queued("run-good", "s"), Succeeded());
        (await UnrecoveredAsync(Start.AddDays(12))).Should().BeEmpty();
    }

    private async Task<IEnumerable<long>> UnrecoveredAsync(DateTimeOffset now) =>
        (await Escalations.UnrecoveredAsync(now, TimeSpan.FromDays(1), Token)).Select(static one => one.Id);

    private async Task<long> EscalatedAsync(string run = "run-bad", DateTimeOffset? at = null)
    {
        await RunningAsync(Queued(run, "s"));
        var limits = new RunLimits { MaxAttempts = 1, FailuresToEscalate = 1 };
        var end = Failed() with { EndedAt = at ?? Start.AddMinutes(1) };
        return (await Storage.Runs.EndAttemptAsync(run, end, Policy(limits, "webhook"), Token))!.EscalationId!.Value;
    }

    private static async Task Refused(Func<Task> act, string message) =>
        (await act.Should().ThrowAsync<UserErrorException>()).WithMessage(message);
}
