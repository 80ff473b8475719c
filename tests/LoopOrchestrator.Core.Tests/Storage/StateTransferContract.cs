using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Storage;

[ContractOf(typeof(IStateTransfer))]
public abstract class StateTransferContract : StorageContract
{
    private static readonly DateTimeOffset Taken = Start.AddMinutes(10);

    private readonly TemporaryFolder _elsewhere = new();

    private protected StateTransferContract(IStorageBackend backend)
        : base(backend) { }

    private IStateTransfer Transfer => Storage.Transfer;

    [Fact]
    public async Task Copy_PutElsewhere_HoldsEverythingThatWasRecorded()
    {
        await EndedAsync(Queued("run-a", schedule: "nightly"), Failed());
        await AddAsync(Queued("run-parent"));
        await AddAsync(Queued("run-child", parent: "run-parent"));

        var file = await CopyAsync();
        using var elsewhere = new TemporaryFolder();
        using var other = Backend.Open(elsewhere.Paths, TimeProvider.System);

        Transfer.Prepare(file).Should().Be(new TransferredState(Runs: 3, Going: 0, Occurrences: 0));
        await other.Transfer.ReplaceAsync(file, Taken, Token);

        (await other.Transfer.CountAsync(Token)).Should().Be(await Transfer.CountAsync(Token));
        foreach (var id in (string[])["run-a", "run-parent", "run-child"])
        {
            (await other.Runs.FindAsync(id, Token)).Should().BeEquivalentTo(await GetAsync(id));
        }
    }

    [Fact]
    public async Task Replace_OfWhatIsThere_LeavesNothingOfItAndOthersSeeIt()
    {
        await AddAsync(Queued("run-old"));
        var file = await CopyAsync();
        await EndedAsync(Queued("run-new", schedule: "nightly"), Failed());
        var other = OpenAnother();
        (await other.Runs.FindAsync("run-new", Token)).Should().NotBeNull();

        await Transfer.ReplaceAsync(file, Taken, Token);

        (await other.Runs.FindAsync("run-new", Token)).Should().BeNull();
        (await other.Runs.FindAsync("run-old", Token))!.State.Should().Be(RunState.Queued);
    }

    [Fact]
    public async Task Replace_WhileARunIsGoingOn_IsRefusedAndChangesNothing()
    {
        await AddAsync(Queued("run-old"));
        var file = await CopyAsync();
        await RunningAsync(Queued("run-going"));

        await FluentActions
            .Awaiting(() => Transfer.ReplaceAsync(file, Taken, Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("1 run(s) of this workspace are going on*Nothing was changed*");
        (await GetAsync("run-going")).State.Should().Be(RunState.Running);
    }

    [Fact]
    public async Task Replace_WithRunsThatWereGoingOnThere_InterruptsThemAndNothingElse()
    {
        var cycle = await AddAsync(Queued("run-cycle") with { Agent = null, AgentKind = null, Workflow = "default" });
        await Storage.Cycles.TryStartAsync(cycle, BuiltInWorkflow.Default, Start, Token);
        var begun = (await Storage.Cycles.FindAsync("run-cycle", Token))!;
        var item = new CycleItem
        {
            Number = 1,
            Visit = 1,
            Stage = 0,
            Position = 0,
            Kind = CycleItemKind.Step,
            Name = "a",
            State = CycleItemState.Preparing,
            StartedAt = Start,
            WorkTree = "/a/folder/of/the/other/machine",
        };
        await Storage.Cycles.TryPrepareAsync(begun, [item], Token);
        await AddAsync(Queued("run-step", parent: "run-cycle"));
        var asks = new RunEnd(RunState.NeedsInput, Start.AddMinutes(1), "which one?");
        await EndedAsync(Queued("run-asks", parent: "run-cycle") with { CycleId = "run-cycle" }, asks);
        await EndedAsync(Queued("run-asks-alone"), asks);
        var failed = await RunningAsync(Queued("run-failed") with { Agent = "handoff", AgentKind = AgentKind.Handoff });
        await Storage.Runs.TryReportAsync(failed, new RunReport(RunState.Failed, "it broke", [], [], []), Token);
        await AddAsync(Queued("run-part", parent: "run-failed"));
        await RunningAsync(Queued("run-program"), new RunStart(Start) { Executor = "1:2:elsewhere" });
        await RunningAsync(Queued("run-asked") with { Agent = "handoff", AgentKind = AgentKind.Handoff });
        var told = await RunningAsync(Queued("run-told") with { Agent = "handoff", AgentKind = AgentKind.Handoff });
        await Storage.Runs.TryReportAsync(told, new RunReport(RunState.Succeeded, "done", [], [], []), Token);
        await AddAsync(Queued("run-waits"));
        var file = await CopyAsync();
        using var elsewhere = new TemporaryFolder();
        using var other = Backend.Open(elsewhere.Paths, TimeProvider.System);

        Transfer.Prepare(file).Going.Should().Be(5);
        await other.Transfer.ReplaceAsync(file, Taken, Token);

        (await other.Transfer.CountAsync(Token)).Going.Should().Be(0);
        foreach (var id in (string[])["run-cycle", "run-program", "run-asked"])
        {
            var run = (await other.Runs.FindAsync(id, Token))!;
            (run.State, run.EndedAt, run.StopRowPending).Should().Be((RunState.Interrupted, Taken, true), id);
            run.Reason.Should().Contain("exported");
        }

        (await other.Runs.AttemptsAsync("run-program", Token)).Single().EndedAt.Should().Be(Taken);
        (await other.Runs.FindAsync("run-told", Token))!.State.Should().Be(RunState.Succeeded);
        (await other.Runs.FindAsync("run-step", Token))!.CancelReason.Should().Contain("run-cycle");
        (await other.Runs.FindAsync("run-asks", Token))!.State.Should().Be(RunState.Cancelled, "nobody can answer it any more");
        (await other.Runs.FindAsync("run-asks-alone", Token))!.State.Should().Be(RunState.NeedsInput);
        (await other.Runs.FindAsync("run-failed", Token))!.State.Should().Be(RunState.Failed);
        (await other.Runs.FindAsync("run-part", Token))!.CancelReason.Should().Contain("run-failed");
        (await other.Runs.FindAsync("run-waits", Token)).Should().BeEquivalentTo(await GetAsync("run-waits"));
        var moved = (await other.Cycles.FindAsync("run-cycle", Token))!.Items.Single();
        (moved.State, moved.WorkTree).Should().Be((CycleItemState.Interrupted, null));
        (await GetAsync("run-program")).State.Should().Be(RunState.Running, "it goes on there");
    }

    [Fact]
    public async Task Prepare_OfWhatIsNoCopy_IsRefused()
    {
        var file = _elsewhere.File("other");
        await File.WriteAllTextAsync(file, "no database at all, and long enough to be looked at as one", Token);

        FluentActions.Invoking(() => Transfer.Prepare(file)).Should().Throw<UserErrorException>().WithMessage("*Nothing was changed*");
    }

    private async Task<string> CopyAsync()
    {
        var file = _elsewhere.File("copy");
        await Transfer.CopyAsync(file, Token);
        return file;
    }
}
