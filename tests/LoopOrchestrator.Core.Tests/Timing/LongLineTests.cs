using LoopOrchestrator.Core.Storage.Sqlite.Indexes;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rows;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Timing;

/// <summary>A time log with a line of gigabytes: it is told and passed over, costs no memory, and rows go on behind it.</summary>
[Collection(MeasuredAllocations.Name)]
public sealed class LongLineTests : IDisposable
{
    // Beyond what an array can hold; and what shows the same without the time that reading so much takes.
    private const long Huge = 2L * 1024 * 1024 * 1024;
    private const long Large = 256 * 1024 * 1024;
    private const long Allowed = 64 * 1024 * 1024;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Log => _folder.Paths.Timing;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Cutter_LineAtTheLimit_IsHeldWholeAndOneByteMoreIsCut(int beyond)
    {
        var line = new byte[LineCutter.MaxLine + beyond];
        Array.Fill(line, (byte)'a');
        File.WriteAllBytes(Log, [.. "x\n"u8, .. line, .. "\ny\nz"u8]);
        var seen = new List<(int Held, long Length)>();

        using var file = File.OpenHandle(Log);
        var cutter = ByteLines.Read(file, 0, long.MaxValue, (held, length) => seen.Add((held.Length, length)), 4096);

        seen.Should().Equal((1, 1), (Math.Min(line.Length, LineCutter.MaxLine + 1), line.Length), (1, 1));
        (cutter.RestLength, cutter.Rest.ToArray()).Should().BeEquivalentTo((1L, "z"u8.ToArray()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_LineOfGigabytes_IsToldAndCostsNoMemory(bool isComplete)
    {
        Grow(isComplete ? Large : Huge, isComplete);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var reading = TimingLogReader.Read(_folder.Paths);

        reading
            .Diagnostics.Should()
            .ContainSingle(diagnostic =>
                diagnostic.Line == 2 && diagnostic.Message.Contains("longer than the 1,048,576 bytes", StringComparison.Ordinal)
            );
        reading.Entries.Select(static entry => entry.TaskId).Should().Equal(isComplete ? ["first"] : []);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(Allowed);
    }

    [Fact]
    public async Task Start_BehindALineOfGigabytes_ReadsItOnceAndTheNextNotAtAll()
    {
        Grow(Large, isComplete: false);
        using var log = SqliteIndexes.TimingLog(_folder.Paths, TimeProvider.System);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        await log.StartAsync(new TimingStart("one", "code") { TaskId = "a" }, Token);
        await log.Open.Advancing;
        var readForTheFirst = log.Open.BytesRead;
        await log.StartAsync(new TimingStart("two", "code") { TaskId = "b" }, Token);
        await log.StopAsync(new TimingStop { TaskId = "a" }, Token);

        readForTheFirst.Should().BeLessThan(Allowed, "it was read once, before the file's lock was taken, and is known since");
        (log.Open.BytesRead - readForTheFirst).Should().BeLessThan(Allowed, "what was read stays known");
        (GC.GetTotalAllocatedBytes(precise: true) - before).Should().BeLessThan(4 * Allowed);
        log.Summarize().Report.Total.Count.Should().Be(1);
        log.Summarize().Diagnostics.Should().Contain(diagnostic => diagnostic.Message.Contains("longer than", StringComparison.Ordinal));
    }

    // The beginning of a canonical file, a line without an end, and perhaps its end and one row more.
    private void Grow(long length, bool isComplete)
    {
        using var stream = new FileStream(Log, FileMode.Create, FileAccess.Write);
        stream.Write("timestamp\tmode\ttask_id\tstart_time\tend_time\tduration\ttask\tresult\tpriority\n"u8);
        stream.SetLength(length);
        if (isComplete)
        {
            stream.Position = length;
            stream.Write("\n2026-01-01T00:00:01Z\tcode\tfirst\t2026-01-01T00:00:00Z\t2026-01-01T00:00:01Z\t1\tt\tcompleted\tnormal\n"u8);
        }
    }
}
