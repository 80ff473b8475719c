using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Timing.Indexing;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Tests.Storage.Indexes;

[ContractOf(typeof(ITimingIndexStore))]
public abstract class TimingIndexStoreContract : StorageContract
{
    private readonly IIndexBackend _indexes;

    private protected TimingIndexStoreContract(IIndexBackend backend)
        : base(backend)
    {
        _indexes = backend;
        StateFolder.Ensure(Paths);
    }

    [Fact]
    public void Read_OfAnEmptyIndex_HasNoCheckpoint()
    {
        using var index = _indexes.OpenTimingIndex(Paths);

        index.Read(static tables => tables.Checkpoint()).Should().BeNull();
    }

    [Fact]
    public void Write_OfRows_IsReadByAnother()
    {
        using var index = _indexes.OpenTimingIndex(Paths);
        Enter(index);

        using var other = _indexes.OpenTimingIndex(Paths);
        other.Read(static tables => tables.Checkpoint()!.Starts).Should().Be(1);
        other.Read(static tables => tables.Names(ITimingTables.ModeNames)).Should().Equal("code");
        other.Read(static tables => tables.FindStart("t1")!.Line).Should().Be(2);
        other.Read(static tables => tables.FindStart("t2")).Should().BeNull();
        other.Read(static tables => tables.CountStarts(new TimingFilter(Task: "do it"))).Should().Be(1);
        other.Read(static tables => tables.CountStarts(new TimingFilter(Task: "another"))).Should().Be(0);
    }

    [Fact]
    public void Write_ThatThrows_ChangesNothing()
    {
        using var index = _indexes.OpenTimingIndex(Paths);
        Enter(index);

        var failing = () =>
            index.Write<int>(static entries =>
            {
                entries.Clear();
                throw new StaleIndexException();
            });

        failing.Should().Throw<StaleIndexException>("what the caller throws comes back as it is");
        index.Read(static tables => tables.Checkpoint()!.Starts).Should().Be(1);
    }

    [Fact]
    public void Clear_OfRows_LeavesAnEmptyIndex()
    {
        using var index = _indexes.OpenTimingIndex(Paths);
        Enter(index);

        index.Write(static entries =>
        {
            entries.Clear();
            return 0;
        });

        index.Read(static tables => tables.Checkpoint()).Should().BeNull();
        index.Read(static tables => tables.FindStart("t1")).Should().BeNull();
    }

    private static void Enter(ITimingIndexStore index) =>
        index.Write(static entries =>
        {
            var from = TimingCheckpoint.Start(generation: 1);
            var delta = new TimingDelta(from, entries, "task_timing.tsv", fileStart: 0);
            const string Moment = "2026-03-02T09:00:00.000Z";
            foreach (var line in (string[])[TimingRow.Header, $"{Moment}\tcode\tt1\t{Moment}\t\t\tdo it\tstarted\tnormal"])
            {
                var bytes = System.Text.Encoding.UTF8.GetBytes(line);
                delta.Add(bytes, bytes.Length + 1);
            }

            entries.Write(from, delta.Reached, delta);
            return 0;
        });
}
