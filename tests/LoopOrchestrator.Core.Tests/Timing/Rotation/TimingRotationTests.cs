using System.Text;
using CsCheck;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Storage.Sqlite.Indexes;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Timing.Indexing;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rotation;
using LoopOrchestrator.Core.Timing.Rows;
using LoopOrchestrator.Testing;
using static LoopOrchestrator.Core.Tests.Timing.Rotation.RotationSample;

namespace LoopOrchestrator.Core.Tests.Timing.Rotation;

/// <summary>Months that are over move whole to files of their own, and are read and summed as before.</summary>
public sealed class TimingRotationTests : IDisposable
{
    private static readonly TimingIndexLimits Tiny = new()
    {
        SmallFile = 0,
        Behind = 0,
        Advance = 1_000_000,
        HeldStarts = 0,
        Segment = 300,
        SegmentStarts = 2,
    };

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private WorkspacePaths Paths => _folder.Paths;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rotate_MonthsThatAreOver_MoveByteForByte()
    {
        var (january, february, march) = (
            Pair("a", "2026-01-05"),
            Pair("b", "2026-02-05") + "# a remark\n\n" + Pair("c", "2026-02-28"),
            Pair("d", "2026-03-01")
        );
        Write(Header + january + february + march);

        var result = await Rotator(Paths).RotateAsync(Token);

        result
            .Should()
            .BeEquivalentTo(
                new TimingRotated(
                    [new("timing/task_timing-2026-01.tsv", 2, january.Length), new("timing/task_timing-2026-02.tsv", 6, february.Length)],
                    null
                )
            );
        Read(Paths.Timing).Should().Be(Header + march);
        Read(Month(Paths, "2026-01")).Should().Be(Header + january);
        Read(Month(Paths, "2026-02")).Should().Be(Header + february);
        Directory.GetFiles(Paths.TimingMonths).Should().HaveCount(2);
        File.Exists(Paths.TimingRotation).Should().BeFalse();
        (await Rotator(Paths).RotateAsync(Token)).Months.Should().BeEmpty("nothing else is over");
    }

    [Theory]
    [InlineData("2026-03-01T23:59:59Z", 1)]
    [InlineData("2026-03-02T00:00:00Z", 2)]
    public async Task Rotate_MonthThatEndedJustNow_StaysForADay(string now, int months)
    {
        Write(Header + Pair("a", "2026-01-05") + Pair("b", "2026-02-05"));

        var time = new StillTime(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture));
        (await Rotator(Paths, time: time).RotateAsync(Token)).Months.Should().HaveCount(months);
    }

    [Fact]
    public async Task Rotate_EverythingIsOver_LeavesTheHeader()
    {
        Write(Header + Pair("a", "2026-01-05"));

        await Rotator(Paths).RotateAsync(Token);

        Read(Paths.Timing).Should().Be(Header);
        using var log = SqliteIndexes.TimingLog(Paths, new StillTime(Now));
        await log.StartAsync(new TimingStart("next", "code", "b"), Token);
        log.Summarize().Report.Should().Match<TimingReport>(static report => report.Total.Count == 1 && report.OpenCount == 1);
    }

    [Fact]
    public async Task Rotate_MonthHasAFileAlready_IsAddedToIt()
    {
        Write(Header + Pair("a", "2026-02-05"));
        await Rotator(Paths).RotateAsync(Token);
        File.AppendAllText(Paths.Timing, Pair("late", "2026-02-06") + Pair("d", "2026-03-05"));

        await Rotator(Paths).RotateAsync(Token);

        Read(Month(Paths, "2026-02")).Should().Be(Header + Pair("a", "2026-02-05") + Pair("late", "2026-02-06"));
        Read(Paths.Timing).Should().Be(Header + Pair("d", "2026-03-05"));
    }

    [Fact]
    public async Task Rotate_AnotherHeaderOrNoLineEndInTheMonth_PutsBothInOrder()
    {
        const string Other = "task_id,start_timestamp,end_timestamp,duration_seconds,task,results,mode,priority\n";
        Directory.CreateDirectory(Paths.TimingMonths);
        File.WriteAllText(Month(Paths, "2026-01"), Other + "x,2026-01-01T00:00:00Z,2026-01-01T00:00:10Z,10,old,done,code,normal");
        Write(Header + Pair("a", "2026-01-05") + Pair("d", "2026-03-05"));
        var before = Said(Paths);

        await Rotator(Paths).RotateAsync(Token);

        Read(Month(Paths, "2026-01"))
            .Should()
            .Be(Other + "x,2026-01-01T00:00:00Z,2026-01-01T00:00:10Z,10,old,done,code,normal\n" + Header + Pair("a", "2026-01-05"));
        Said(Paths).Should().Be(before);
    }

    [Fact]
    public async Task Rotate_RowBehindOneOfALaterMonth_StaysBehindIt()
    {
        var late = Pair("late", "2026-01-20");
        Write(Header + Pair("a", "2026-01-05") + Pair("b", "2026-02-05") + late + Pair("c", "2026-03-05") + Pair("later", "2026-02-07"));
        var before = Said(Paths);

        await Rotator(Paths).RotateAsync(Token);

        Read(Month(Paths, "2026-02"))
            .Should()
            .Be(Header + Pair("b", "2026-02-05") + late, "rows stand in the order in which they were written");
        Read(Paths.Timing).Should().Be(Header + Pair("c", "2026-03-05") + Pair("later", "2026-02-07"));
        Said(Paths).Should().Be(before);
    }

    [Fact]
    public async Task Rotate_DateThatIsStillToCome_HoldsNothingUp()
    {
        Write(Header + Pair("a", "2026-01-05") + Pair("tomorrow", "2099-01-01") + Pair("b", "2026-02-05") + Pair("d", "2026-03-05"));

        await Rotator(Paths).RotateAsync(Token);

        Read(Month(Paths, "2026-01")).Should().Be(Header + Pair("a", "2026-01-05") + Pair("tomorrow", "2099-01-01"));
        Read(Paths.Timing).Should().Be(Header + Pair("d", "2026-03-05"));
    }

    [Fact]
    public async Task Rotate_ByteOrderMarkAndLineEndsOfWindows_StayAsTheyAre()
    {
        var rows = Pair("a", "2026-01-05").Replace("\n", "\r\n", StringComparison.Ordinal);
        var rest = Pair("d", "2026-03-05").Replace("\n", "\r\n", StringComparison.Ordinal);
        Write("\uFEFF" + TimingRow.Header + "\r\n" + rows + rest);

        await Rotator(Paths).RotateAsync(Token);

        Read(Paths.Timing).Should().Be("\uFEFF" + TimingRow.Header + "\r\n" + rest);
        Read(Month(Paths, "2026-01")).Should().Be(TimingRow.Header + "\r\n" + rows);
    }

    [Fact]
    public async Task Rotate_LastRowWithoutItsEnd_StaysWhole()
    {
        var unfinished = End("b", "2026-02-05").TrimEnd('\n');
        Write(Header + Pair("a", "2026-01-05") + Start("b", "2026-02-05") + unfinished);

        await Rotator(Paths).RotateAsync(Token);

        Read(Paths.Timing).Should().Be(Header + unfinished, "somebody may be writing it");
    }

    [Fact]
    public async Task Rotate_LineThatIsTooLong_StaysWithAllBehindIt()
    {
        var rest = new string('x', LineCutter.MaxLine + 1) + "\n" + Pair("b", "2026-02-05");
        Write(Header + Pair("a", "2026-01-05") + rest);

        var result = await Rotator(Paths).RotateAsync(Token);

        result.WhyNot.Should().Contain("Line 4 is longer");
        Read(Paths.Timing).Should().Be(Header + rest);
        Read(Month(Paths, "2026-01")).Should().Be(Header + Pair("a", "2026-01-05"));
    }

    // A little more than is copied.
    [Fact]
    public Task Rotate_LogThatIsMostlyAHole_IsRefusedAndReadAsBefore() => RefuseAHoleAsync(300L << 20);

    // Nobody could read that, or copy it while others wait.
    [Fact(Explicit = true)]
    [Trait("kind", "soak")]
    public Task Rotate_LogThatIsAHugeHole_IsRefusedAndReadAsBefore() => RefuseAHoleAsync(1L << 38);

    private async Task RefuseAHoleAsync(long size)
    {
        Write(Header + Pair("a", "2026-01-05"));
        using (var log = new FileStream(Paths.Timing, FileMode.Open, FileAccess.Write))
        {
            log.SetLength(size);
        }

        (await Rotator(Paths).RotateAsync(Token)).WhyNot.Should().Contain("What stays has");

        var reading = TimingLogReader.Read(Paths);
        reading.Entries.Should().HaveCount(2);
        var length = (size - Header.Length - Pair("a", "2026-01-05").Length).ToString(
            "N0",
            System.Globalization.CultureInfo.InvariantCulture
        );
        reading.Diagnostics.Should().ContainSingle().Which.Message.Should().Contain("longer than").And.Contain(length);
        using var timing = SqliteIndexes.TimingLog(Paths, new StillTime(Now));
        await timing.StartAsync(new TimingStart("next", "code", "b"), Token);
        timing.Summarize().Report.OpenCount.Should().Be(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stop_StartIsInAMonthThatMoved_ClosesIt(bool wasOpenBefore)
    {
        Write(Header + Start("open", "2026-01-05") + Pair("d", "2026-03-05"));
        using var log = SqliteIndexes.TimingLog(Paths, new StillTime(Now), Tiny with { Segment = 10_000 });
        if (wasOpenBefore)
        {
            (await log.IsOpenAsync("open", Token)).Should().BeTrue();
        }

        await Rotator(Paths).RotateAsync(Token);

        await log.Awaiting(static one => one.StartAsync(new TimingStart("again", "code", "open"), Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*\"open\"*open since*nothing was recorded*");
        (await log.StopAsync(new TimingStop("open"), Token)).Task.Should().Be("task of open");
        log.Summarize().Report.Should().Match<TimingReport>(static report => report.Total.Count == 2 && report.OpenCount == 0);
    }

    [Fact]
    public void Log_OfASample_SaysTheSameWhenItWasRotated() => CompareRotated(30, FixedSample.Seed);

    [Fact(Explicit = true)]
    [Trait("kind", "soak")]
    public void Log_OfAnyKind_SaysTheSameWhenItWasRotated() => CompareRotated(1000, Seeds.Draw());

    private static void CompareRotated(int logs, int seed)
    {
        var parts = Gen.Select(Gen.Int[1, 5], TimingRows.Lines).Array[1, 6];
        FixedSample.Run(
            Gen.Select(parts, parts, Gen.Int[0, 3], static (one, two, form) => (First: one, Second: two, Form: form)),
            logs,
            sample =>
            {
                using var folder = new TemporaryFolder();
                StateFolder.Ensure(folder.Paths);
                File.WriteAllBytes(
                    folder.Paths.Timing,
                    [
                        .. Encoding.UTF8.GetBytes(
                            sample.Form switch
                            {
                                0 => "",
                                1 => "\uFEFF" + Header,
                                _ => Header,
                            }
                        ),
                        .. Bytes(sample.First),
                    ]
                );
                using var index = SqliteIndexes.TimingIndex(folder.Paths, Tiny);
                var open = new OpenIntervals(folder.Paths.Timing, index);
                foreach (
                    var more in (byte[][])
                        [
                            [],
                            Bytes(sample.Second),
                        ]
                )
                {
                    File.AppendAllBytes(folder.Paths.Timing, more);
                    Compare(folder.Paths, index, open, Said(folder.Paths));
                    var before = Said(folder.Paths);
                    Rotator(folder.Paths).RotateAsync(Token).GetAwaiter().GetResult();
                    Compare(folder.Paths, index, open, before);
                    Compare(folder.Paths, index, new OpenIntervals(folder.Paths.Timing, index), before);
                }
            },
            seed: seed
        );
    }

    private static byte[] Bytes((int Month, byte[] Lines)[] parts) =>
        [
            .. parts.SelectMany(static part =>
                Encoding.Latin1.GetBytes(
                    Encoding.Latin1.GetString(part.Lines).Replace("2026-01-", $"2026-{part.Month:00}-", StringComparison.Ordinal)
                )
            ),
        ];

    private static void Compare(WorkspacePaths paths, TimingIndex index, OpenIntervals open, string expected)
    {
        Assert.Equal(expected, Said(paths));
        if (new FileInfo(paths.Timing).Length > 0)
        {
            Assert.Equal(expected, Said(index.FromIndex(new TimingReportOptions { Limit = 10_000 })!));
        }

        open.Refresh(new AppendContext(false, "\n", new FileInfo(paths.Timing).Length, true));
        var starts = TimingReport
            .Create(TimingLogReader.Read(paths), new TimingReportOptions { Limit = 10_000 })
            .Open.Where(static start => start.TaskId.Length > 0)
            .ToList();
        Assert.All(starts, start => Assert.Equal(start, open.Find(start.TaskId)));
        Assert.Equal(starts.Count, open.Fitting(null, null, 1).Count);
    }

    private void Write(string text) => File.WriteAllText(Paths.Timing, text, new UTF8Encoding(false));
}
