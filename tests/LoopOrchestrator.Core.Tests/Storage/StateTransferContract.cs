using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Storage;

[ContractOf(typeof(IStateTransfer))]
public abstract class StateTransferContract : StorageContract
{
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
        await other.Transfer.ReplaceAsync(file, Token);

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

        await Transfer.ReplaceAsync(file, Token);

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
            .Awaiting(() => Transfer.ReplaceAsync(file, Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("1 run(s) of this workspace are going on*Nothing was changed*");
        (await GetAsync("run-going")).State.Should().Be(RunState.Running);
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
