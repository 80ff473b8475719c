using LoopOrchestrator.Core.Storage;

namespace LoopOrchestrator.Core.Tests.Storage;

[ContractOf(typeof(IStorageHealth))]
public abstract class StorageHealthContract : StorageContract
{
    private protected StorageHealthContract(IStorageBackend backend)
        : base(backend) { }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Check_OfASoundStorage_OpensItOnce(bool whole)
    {
        Storage.Health.Openings.Should().Be(0, "nothing is opened before it is used");

        await Storage.Health.CheckAsync(whole, Token);
        await Storage.Health.CheckAsync(whole, Token);

        Storage.Health.Openings.Should().Be(1);
    }

    [Fact]
    public async Task Read_WhereNothingWasRecorded_LeavesNoTrace()
    {
        (await Storage.Runs.CountAsync(Token)).Should().BeEmpty();

        Directory.EnumerateFileSystemEntries(Paths.Root).Should().BeEmpty();
    }

    [Fact]
    public async Task Write_ThatEnded_IsThereAfterItsProcess()
    {
        using (var first = OpenAnother())
        {
            await first.Runs.AddAsync(Queued("run-a"), "a test says so", Token);
        }

        (await Storage.Runs.FindAsync("run-a", Token)).Should().NotBeNull();
    }

    [Fact]
    public async Task Mark_WhereOneIsTold_IsAnotherAfterEachWrite()
    {
        await Storage.Health.CheckAsync(whole: false, Token);
        using var other = OpenAnother();
        if (await Storage.Health.MarkAsync(Token) is not { } first)
        {
            // Such a backend promises nothing, and never does.
            await Storage.Runs.AddAsync(Queued("run-a"), "a test says so", Token);
            (await Storage.Health.MarkAsync(Token)).Should().BeNull();
            return;
        }

        (await Storage.Health.MarkAsync(Token)).Should().Be(first);
        await Storage.Runs.FindAsync("run-a", Token);
        (await Storage.Health.MarkAsync(Token)).Should().Be(first, "nothing was written");

        await Storage.Runs.AddAsync(Queued("run-a"), "a test says so", Token);
        var second = await Storage.Health.MarkAsync(Token);
        await other.Runs.AddAsync(Queued("run-b"), "a test says so", Token);
        var third = await Storage.Health.MarkAsync(Token);

        second.Should().NotBeNull().And.NotBe(first);
        third.Should().NotBeNull().And.NotBe(second);
    }
}
