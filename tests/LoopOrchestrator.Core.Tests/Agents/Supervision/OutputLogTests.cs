using System.Text;
using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Core.Tests.Agents.Supervision;

public sealed class OutputLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    private string LogFile => _folder.File("output.log");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_WithinTheLimit_KeepsEverythingAndSaysNothing()
    {
        using (var log = new OutputLog(LogFile, 10, _time))
        {
            log.Write("12345"u8);
            log.Write("67890"u8);
            log.Complete();
            (log.KeptBytes, log.DroppedBytes).Should().Be((10, 0));
        }

        File.ReadAllText(LogFile).Should().Be("1234567890");
    }

    [Fact]
    public void Write_BeyondTheLimit_KeepsTheBeginningCountsTheRestAndRemembersTheEnd()
    {
        using (var log = new OutputLog(LogFile, 10, _time))
        {
            log.Write("1234567"u8);
            log.Write("890abc"u8);
            log.Write("the end"u8);
            log.Complete();
            (log.KeptBytes, log.DroppedBytes).Should().Be((10, 10));
            log.Tail().Should().Be("1234567890abcthe end");
        }

        File.ReadAllText(LogFile).Should().Be("1234567890\n[10 more bytes of output were dropped: the limit is 10 bytes]\n");
    }

    [Theory]
    [InlineData(7 + OutputLog.MaxLineLength)]
    [InlineData(7 + OutputLog.MaxLineLength + 300_000)]
    [InlineData(1000)]
    [InlineData(64 * 1024)]
    [InlineData(10_000_000)]
    public void Write_EndlessLine_IsCutAndLeavesTheRoomToWhatFollows(int chunk)
    {
        const int cut = 300_000;
        var text =
            $"before\n{new string('x', OutputLog.MaxLineLength + cut)}\n{new string('y', OutputLog.MaxLineLength)}"
            + $"\nafter\n{new string('z', OutputLog.MaxLineLength + 7)}";
        var bytes = Encoding.UTF8.GetBytes(text);
        using (var log = new OutputLog(LogFile, 10 * OutputLog.MaxLineLength, _time))
        {
            for (var at = 0; at < bytes.Length; at += chunk)
            {
                log.Write(bytes.AsSpan(at, Math.Min(chunk, bytes.Length - at)));
            }

            log.Complete();
            log.DroppedBytes.Should().Be(cut + 7);
        }

        var lines = File.ReadAllLines(LogFile);
        lines.Should().HaveCount(5);
        lines[1]
            .Should()
            .Be(
                new string('x', OutputLog.MaxLineLength)
                    + $"[{cut} more bytes of this line were dropped: a line may have {OutputLog.MaxLineLength}]"
            );
        (lines[0], lines[2].Length, lines[3]).Should().Be(("before", OutputLog.MaxLineLength, "after"));
        lines[4].Should().StartWith("z").And.EndWith("z[7 more bytes of this line were dropped: a line may have 1048576]");
    }

    [Fact]
    public void Write_BeforeComplete_CanBeRead()
    {
        using var log = new OutputLog(LogFile, 100, _time);
        log.Write("now"u8);

        using var reader = new StreamReader(new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        reader.ReadToEnd().Should().Be("now");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(100_000)]
    public void Tail_AnyChunks_IsTheEndWithoutHalfACharacter(int chunk)
    {
        var text = "x" + string.Concat(Enumerable.Range(0, 3000).Select(index => index % 10 == 0 ? "😀" : "é")) + "!!";
        var bytes = Encoding.UTF8.GetBytes(text);
        using var log = new OutputLog(LogFile, 10, _time);
        for (var at = 0; at < bytes.Length; at += chunk)
        {
            log.Write(bytes.AsSpan(at, Math.Min(chunk, bytes.Length - at)));
        }

        var tail = log.Tail();

        text.Should().EndWith(tail);
        Encoding.UTF8.GetByteCount(tail).Should().BeInRange(4093, 4096);
    }

    [Fact]
    public void Tail_CutInsideACharacter_LeavesItsRestOut()
    {
        using var log = new OutputLog(LogFile, 10, _time);
        log.Write(Encoding.UTF8.GetBytes("😀" + new string('a', 4093)));

        log.Tail().Should().Be(new string('a', 4093));
    }

    [Fact]
    public void LastOutputTimestamp_Touch_IsTheMomentOfTheLastProgress()
    {
        using var log = new OutputLog(LogFile, 0, _time);
        log.LastOutputTimestamp.Should().BeNull();
        _time.Advance(TimeSpan.FromSeconds(3));
        log.Touch(isProgress: false);
        var first = _time.GetTimestamp();
        log.LastOutputTimestamp.Should().Be(first, "it is the first output all the same");
        _time.Advance(TimeSpan.FromSeconds(3));
        log.Touch(isProgress: false);
        log.Write("dropped all the same"u8);
        log.LastOutputTimestamp.Should().Be(first);
        log.Touch();

        log.LastOutputTimestamp.Should().Be(_time.GetTimestamp());
        log.KeptBytes.Should().Be(0);
    }

    [Fact]
    public void Write_DiskFull_CountsAsDroppedAndThrowsNothing()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no /dev/full.");
        using var log = new OutputLog(File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write), 100, _time);

        log.Write("hello"u8);
        log.Complete();

        (log.KeptBytes, log.DroppedBytes).Should().Be((0, 5));
        log.Tail().Should().Be("hello");
    }

    [Fact]
    public void Write_BothStreamsAtOnce_LosesNoByte()
    {
        using var log = new OutputLog(LogFile, 1_500, _time);

        Parallel.For(0, 1_000, _ => log.Write("ab"u8));

        (log.KeptBytes, log.DroppedBytes).Should().Be((1_500, 500));
        new FileInfo(LogFile).Length.Should().Be(1_500);
    }
}
