using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;

namespace LoopOrchestrator.Core.Tests.Storage;

[ContractOf(typeof(IRequestStore))]
public abstract class RequestStoreContract : StorageContract
{
    private static readonly RequestKey Key = RequestKey.Of("a_tool", "one", ("text", "x"))!;

    private protected RequestStoreContract(IStorageBackend backend)
        : base(backend) { }

    private IRequestStore Requests => Storage.Requests;

    [Fact]
    public async Task Enter_ACall_IsThereForAllUntilItIsAnswered()
    {
        (await Requests.FindAsync(Key, Token)).Should().BeNull();

        (await Requests.EnterAsync(Key, "a note", Start, Token)).Should().BeNull();

        var entered = new RecordedRequest(Key.Digest, Start, RunId: null, "a note", Answer: null);
        (await OpenAnother().Requests.EnterAsync(Key, "another", Start.AddDays(1), Token)).Should().Be(entered, "it was entered before");
        await Requests.AnswerAsync(Key, "{}", Token);
        await Requests.AnswerAsync(Key, "{\"late\":true}", Token);
        (await OpenAnother().Requests.FindAsync(Key, Token)).Should().Be(entered with { Answer = "{}" }, "the first answer stands");
    }

    [Fact]
    public async Task Find_OtherArgumentsOrAnotherTool_GoesByToolAndId()
    {
        await Requests.EnterAsync(Key, note: null, Start, Token);

        (await Requests.FindAsync(RequestKey.Of("a_tool", "one", ("text", "y"))!, Token))!.Digest.Should().Be(Key.Digest);
        (await Requests.FindAsync(RequestKey.Of("b_tool", "one", ("text", "x"))!, Token)).Should().BeNull();
        (await Requests.FindAsync(RequestKey.Of("a_tool", "One", ("text", "x"))!, Token)).Should().BeNull();
    }

    [Fact]
    public async Task Withdraw_WhatDidNothing_IsFreeAgain()
    {
        var answered = RequestKey.Of("a_tool", "two", [])!;
        var started = RequestKey.Of("a_tool", "three", [])!;
        await Requests.EnterAsync(Key, note: null, Start, Token);
        await Requests.EnterAsync(answered, note: null, Start, Token);
        await Requests.AnswerAsync(answered, "{}", Token);
        await Storage.Runs.AddAsync(Queued("run-a"), "why", started, note: null, Token);

        foreach (var key in (RequestKey[])[Key, answered, started])
        {
            await Requests.WithdrawAsync(key, Token);
        }

        (await Requests.FindAsync(Key, Token)).Should().BeNull();
        (await Requests.FindAsync(answered, Token)).Should().NotBeNull();
        (await Requests.FindAsync(started, Token)).Should().NotBeNull();
    }

    [Fact]
    public async Task Add_RunOfACall_IsAddedOnceWithIt()
    {
        (await Storage.Runs.AddAsync(Queued("run-a"), "why", Key, "a note", Token)).Should().BeNull();
        (await OpenAnother().Runs.AddAsync(Queued("run-b"), "why", Key, "another", Token))
            .Should()
            .Be(new RecordedRequest(Key.Digest, Start, "run-a", "a note", Answer: null));

        (await Storage.Runs.ListAsync(new RunFilter(), Token)).Should().ContainSingle().Which.Id.Should().Be("run-a");
        (await Storage.Runs.DecisionsAsync("run-a", Token)).Should().ContainSingle();
    }

    [Fact]
    public async Task Add_RunThatCannotBeAdded_EntersNoCall()
    {
        await AddAsync(Queued("run-a"));

        var adding = () => Storage.Runs.AddAsync(Queued("run-a"), "why", Key, note: null, Token);

        await adding.Should().ThrowAsync<Exception>("there is a run of that id already");
        (await Requests.FindAsync(Key, Token)).Should().BeNull();
    }

    [Fact]
    public async Task Trigger_RunOfACall_IsAddedOnceAndARefusedOneNever()
    {
        await Storage.Ledger.TriggerAsync("s", Queued("run-a", "s"), "why", Key, Token);
        (await OpenAnother().Ledger.TriggerAsync("s", Queued("run-b", "s"), "why", Key, Token))!.RunId.Should().Be("run-a");
        var other = RequestKey.Of("a_tool", "two", [])!;

        var triggering = () => Storage.Ledger.TriggerAsync("s", Queued("run-c", "s"), "why", other, Token);

        await triggering.Should().ThrowAsync<UserErrorException>().WithMessage("*has a run already*");
        (await Requests.FindAsync(other, Token)).Should().BeNull("nothing was done");
        (await Storage.Ledger.HistoryAsync("s", 10, Token)).Should().ContainSingle().Which.RunId.Should().Be("run-a");
    }

    [Fact]
    public async Task Report_OfACall_IsTakenOnceWithItsAttempt()
    {
        var run = await RunningAsync(Queued("run-a"));
        var report = new RunReport(RunState.Succeeded, "done", [], [], []);

        (await Storage.Runs.TryReportAsync(run with { Attempt = 2 }, report, Key, Start, Token)).Should().BeFalse("it is another attempt");
        (await Requests.FindAsync(Key, Token)).Should().BeNull();
        (await Storage.Runs.TryReportAsync(run, report, Key, Start, Token)).Should().BeTrue();
        (await Storage.Runs.TryReportAsync(await GetAsync("run-a"), report, Key, Start, Token)).Should().BeFalse("it was taken");

        (await Requests.FindAsync(Key, Token)).Should().Be(new RecordedRequest(Key.Digest, Start, "run-a", "1", Answer: null));
        (await GetAsync("run-a")).ReportedOutcome.Should().Be(RunState.Succeeded);
    }
}
