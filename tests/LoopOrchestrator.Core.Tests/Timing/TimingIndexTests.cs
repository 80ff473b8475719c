using System.Text;
using CsCheck;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Storage.Sqlite.Indexes;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Timing.Indexing;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rows;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Timing;

public sealed class TimingIndexTests : IDisposable
{
    private static readonly TimingIndexLimits Tiny = new()
    {
        SmallFile = 0,
        Behind = 0,
        Advance = 0,
        HeldStarts = 0,
        Segment = 300,
        SegmentStarts = 2,
    };
    private static readonly TimingIndexLimits Still = Tiny with { Advance = 1_000_000 };
    private static readonly DateTimeOffset Day = new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero);

    private static readonly TimingReportOptions[] Questions =
    [
        new(),
        new()
        {
            Mode = "CODE",
            LongerThanSeconds = 100,
            Limit = 3,
        },
        new()
        {
            Priority = "",
            From = Day.AddHours(-7),
            Limit = 2,
        },
        new() { Priority = "todo", Mode = "unheard-of" },
        new()
        {
            From = Day.AddMinutes(-100),
            To = Day.AddMinutes(777),
            LongerThanSeconds = 0,
            Limit = 1,
        },
    ];

    private readonly TemporaryFolder _folder = new();

    public TimingIndexTests() => StateFolder.Ensure(_folder.Paths);

    private string Log => _folder.Paths.Timing;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Index_SampleOfWhatIsDoneToTheFile_SaysWhatTheFileSays() => Compare(40, FixedSample.Seed);

    [Fact(Explicit = true)]
    [Trait("kind", "soak")]
    public void Index_AnythingDoneToTheFile_SaysWhatTheFileSays() => Compare(2000, Seeds.Draw());

    private static void Compare(int files, int seed)
    {
        var steps = Gen.Select(Gen.Int[0, 9], TimingRows.Lines, Gen.Int[0, 1000], static (kind, lines, place) =>
            (kind, lines, place)
        ).Array[1, 7];
        FixedSample.Run(
            Gen.Select(steps, Gen.Int[0, 2], static (one, two) => (Steps: one, Form: two)),
            files,
            sample =>
            {
                using var folder = new TemporaryFolder();
                StateFolder.Ensure(folder.Paths);
                var limits = sample.Form switch
                {
                    0 => Still,
                    1 => Still with { Behind = 300, Segment = 4096, HeldStarts = 2 },
                    _ => Still with { Behind = 1_000_000, HeldStarts = 1000 },
                };
                using var index = SqliteIndexes.TimingIndex(folder.Paths, limits);
                var lasting = new OpenIntervals(folder.Paths.Timing, index);
                File.WriteAllText(folder.Paths.Timing, sample.Form == 1 ? TimingRow.Header + "\n" : "");
                foreach (var (kind, lines, place) in sample.Steps)
                {
                    Change(folder.Paths.Timing, kind, lines, place);
                    CompareReports(folder.Paths, index);
                    CompareOpen(folder.Paths, lasting);
                    CompareOpen(folder.Paths, new OpenIntervals(folder.Paths.Timing, index));
                }
            },
            seed: seed
        );
    }

    [Fact]
    public void Rows_ThatCameSince_AreAllThatIsReadOfTheFile()
    {
        WriteMany(4000);
        using var index = SqliteIndexes.TimingIndex(_folder.Paths, Tiny with { Segment = 1_000_000 });
        index.FromIndex(new TimingReportOptions { Limit = 1 });
        File.AppendAllText(Log, Row(4001));

        using (var file = IndexedFile.Open(_folder.Paths)!)
        {
            index.CatchUp(file, file.Length);
            file.BytesRead.Should().BeInRange(Row(4001).Length, 10_000);
        }

        var open = new OpenIntervals(Log, index);
        open.Refresh(new AppendContext(false, "\n", new FileInfo(Log).Length, true));
        open.BytesRead.Should().BeLessThan(10_000);
        index.Read(static (_, checkpoint) => checkpoint.Lines.Line).Should().Be(4002);
    }

    [Fact]
    public async Task Process_ThatWrites_ReadsNoMoreOfALongFileThanOfAShortOne()
    {
        WriteMany(4000);
        var limits = Tiny with { Segment = 1_000_000, Advance = 1_000_000, Behind = 5000 };
        using (var first = SqliteIndexes.TimingLog(_folder.Paths, TimeProvider.System, limits))
        {
            await first.StartAsync(new TimingStart("task", "code", "mine"), TestContext.Current.CancellationToken);
        }

        using var second = SqliteIndexes.TimingLog(_folder.Paths, TimeProvider.System, limits);
        (await second.StopAsync(new TimingStop("mine"), TestContext.Current.CancellationToken)).Task.Should().Be("task");
        second.Open.BytesRead.Should().BeLessThan(10_000);
        new FileInfo(Log).Length.Should().BeGreaterThan(400_000);
    }

    [Fact]
    public async Task Rows_WrittenByThisProcess_GetIntoTheIndexBesideItsWork()
    {
        using var log = SqliteIndexes.TimingLog(_folder.Paths, TimeProvider.System, Tiny with { Advance = 500 });
        for (var number = 0; number < 20; number++)
        {
            await RecordAsync(number);
        }

        // One that began early may have been slow and end only now; the next row then starts another.
        await log.Open.Advancing;
        await RecordAsync(20);
        await log.Open.Advancing;
        using var index = SqliteIndexes.TimingIndex(_folder.Paths, Tiny);
        index.Read(static (_, checkpoint) => checkpoint.Lines.Line).Should().BeGreaterThan(10);

        Task RecordAsync(int number) =>
            log.RecordAsync(new TimingRecord($"task {number}", "code", Day, Day.AddSeconds(number)), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void OpenStarts_Many_AreAskedForByTheirId()
    {
        var text = new StringBuilder(TimingRow.Header + "\n");
        for (var number = 0; number < 500; number++)
        {
            text.Append(
                $"2026-01-02T10:00:00.000Z\tmode{number % 7}\tid{number}\t2026-01-02T10:00:{number % 60:00}"
                    + $".000Z\t\t\ttask {number % 50}\tstarted\tnormal\n"
            );
        }

        File.WriteAllText(Log, text.ToString());
        using var index = SqliteIndexes.TimingIndex(_folder.Paths, Tiny with { HeldStarts = 100, Segment = 100_000, SegmentStarts = 100 });
        index.Rebuild();
        var open = new OpenIntervals(Log, index);
        open.Refresh(new AppendContext(false, "\n", text.Length, true));

        open.BytesRead.Should().BeLessThan(2000);
        open.Find("id499")!.Task.Should().Be("task 49");
        open.Find("id500").Should().BeNull();
        open.Fitting("task 7", null, 3)
            .Should()
            .Match<(IReadOnlyList<TimingEntry> Latest, int Count)>(found => found.Count == 10 && found.Latest.Count == 3);
        open.Fitting("task 7", "mode0", 3).Count.Should().Be(2);
        open.Fitting(null, null, 4).Count.Should().Be(500);
    }

    [Fact]
    public void Edit_ThatKeepsTheLength_IsNoticedByTheTimeOfTheLastWrite()
    {
        WriteMany(100);
        using var index = SqliteIndexes.TimingIndex(_folder.Paths, Tiny);
        index.FromIndex(new TimingReportOptions())!.Report.ByMode[0].Key.Should().Be("code");
        var edited = File.ReadAllText(Log).Replace("\tcode\t", "\tedit\t");
        File.WriteAllText(Log, edited);
        File.SetLastWriteTimeUtc(Log, Day.UtcDateTime);

        index.FromIndex(new TimingReportOptions())!.Report.ByMode.Should().ContainSingle().Which.Key.Should().Be("edit");
    }

    [Fact]
    public void Edit_ThatNothingTellsOf_IsTakenInByHand()
    {
        WriteMany(100);
        using var log = SqliteIndexes.TimingLog(_folder.Paths, TimeProvider.System, Tiny);
        log.Summarize().Report.ByMode[0].Key.Should().Be("code");
        var written = File.GetLastWriteTimeUtc(Log);
        var edited = File.ReadAllLines(Log);
        edited[50] = edited[50].Replace("\tcode\t", "\tedit\t");
        File.WriteAllText(Log, string.Join('\n', edited) + "\n");
        File.SetLastWriteTimeUtc(Log, written);
        log.Summarize().Report.ByMode.Should().ContainSingle("the length, the time and both ends are the same");

        log.Reindex().Should().Be(101);

        log.Summarize().Report.ByMode.Should().HaveCount(2);
    }

    [Fact]
    public void Index_RowIsNotWhereItSays_IsMadeAnew()
    {
        WriteMany(100);
        using var index = SqliteIndexes.TimingIndex(_folder.Paths, Tiny);
        index.FromIndex(new TimingReportOptions());
        var written = File.GetLastWriteTimeUtc(Log);
        var lines = File.ReadAllLines(Log);
        (lines[40], lines[41]) = (lines[41], "x" + lines[40][1..]);
        File.WriteAllText(Log, string.Join('\n', lines) + "\n");
        File.SetLastWriteTimeUtc(Log, written);

        CompareReports(_folder.Paths, index);
    }

    [Fact]
    public void Folder_WithoutState_GetsNoneByBeingLookedAt()
    {
        Directory.Delete(_folder.Paths.State, recursive: true);
        WriteMany(100);
        using var log = SqliteIndexes.TimingLog(_folder.Paths, TimeProvider.System, Tiny);

        log.Summarize().Report.Total.Count.Should().Be(100);

        Directory.Exists(_folder.Paths.State).Should().BeFalse();
    }

    [Fact]
    public void Index_OfAShortFile_IsNotMade()
    {
        WriteMany(100);
        using var log = SqliteIndexes.TimingLog(_folder.Paths, TimeProvider.System);

        log.Summarize().Report.Total.Count.Should().Be(100);

        Directory.Exists(_folder.Paths.Index).Should().BeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Index_NotUsable_LeavesTheFileToBeRead(bool damaged)
    {
        WriteMany(100);
        if (damaged)
        {
            using (var index = SqliteIndexes.TimingIndex(_folder.Paths, Tiny))
            {
                index.FromIndex(new TimingReportOptions());
            }

            foreach (var file in Directory.GetFiles(_folder.Paths.Index))
            {
                await File.WriteAllTextAsync(file, new string('x', 5000), TestContext.Current.CancellationToken);
            }
        }
        else
        {
            await File.WriteAllTextAsync(_folder.Paths.Index, "a file where the folder should be", TestContext.Current.CancellationToken);
        }

        using var log = SqliteIndexes.TimingLog(_folder.Paths, TimeProvider.System, Tiny);
        log.Summarize().Report.Total.Count.Should().Be(100);
        await log.StartAsync(new TimingStart("task", "code", "mine"), TestContext.Current.CancellationToken);
        await log.Awaiting(one => one.StartAsync(new TimingStart("task", "code", "mine"), TestContext.Current.CancellationToken))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*mine*open since*nothing was recorded*");
        await log.StopAsync(new TimingStop("mine"), TestContext.Current.CancellationToken);
        log.Summarize().Report.Total.Count.Should().Be(101);
    }

    [Fact]
    public async Task Index_GoesAwayUnderAProcess_DoesNotChangeWhatIsOpen()
    {
        File.WriteAllText(
            Log,
            TimingRow.Header
                + "\n"
                + string.Concat(
                    Enumerable
                        .Range(0, 50)
                        .Select(static number =>
                            $"2026-01-02T10:00:00.000Z\tcode\tid{number}\t2026-01-02T10:00:00.000Z\t\t\ttask\tstarted\tnormal\n"
                        )
                )
        );
        using var log = SqliteIndexes.TimingLog(_folder.Paths, TimeProvider.System, Tiny with { Segment = 10_000, Advance = 1_000_000 });
        await log.StopAsync(new TimingStop("id1"), TestContext.Current.CancellationToken);
        using (var index = SqliteIndexes.TimingIndex(_folder.Paths, Tiny))
        {
            index.Rebuild();
        }

        await log.StopAsync(new TimingStop("id2"), TestContext.Current.CancellationToken);
        await log.Awaiting(one => one.StopAsync(new TimingStop("id1"), TestContext.Current.CancellationToken))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("No interval with the id*id1*is open*");
        await log.StopAsync(new TimingStop("id3"), TestContext.Current.CancellationToken);
        log.Summarize().Report.OpenCount.Should().Be(47);
    }

    [Fact]
    public void File_InUtf16_IsReadAsAWhole()
    {
        WriteMany(100);
        File.WriteAllText(Log, File.ReadAllText(Log), Encoding.Unicode);
        using var log = SqliteIndexes.TimingLog(_folder.Paths, TimeProvider.System, Tiny);

        log.Summarize().Should().Match<TimingSummary>(summary => summary.Report.Total.Count == 100 && summary.DiagnosticCount == 1);
        log.Reindex().Should().Be(0);
    }

    private static string Row(int number) =>
        $"2026-01-02T10:00:00.000Z\tcode\tid{number}\t2026-01-02T10:00:00.000Z\t2026-01-02T10:10:00.000Z\t600\ttask "
        + $"{number % 9}\tcompleted\tnormal\n";

    private void WriteMany(int rows) =>
        File.WriteAllText(Log, TimingRow.Header + "\n" + string.Concat(Enumerable.Range(0, rows).Select(Row)));

    private static void Change(string log, int kind, byte[] lines, int place)
    {
        var bytes = File.ReadAllBytes(log);
        var middle = bytes.Length * place / 1000;
        switch (kind)
        {
            case 0:
                File.WriteAllBytes(log, bytes[..middle]);
                break;
            case 1:
                File.WriteAllBytes(log, [.. bytes[..middle], .. lines, .. bytes[middle..]]);
                break;
            case 2:
                File.WriteAllBytes(log, lines);
                break;
            case 3:
                File.AppendAllBytes(log, lines.AsSpan(0, Math.Max(0, lines.Length - 1 - (place % 20))));
                break;
            default:
                File.AppendAllBytes(log, lines);
                break;
        }
    }

    private static void CompareReports(WorkspacePaths paths, TimingIndex index)
    {
        foreach (var question in Questions)
        {
            var expected = TimingSummary.Create(TimingLogReader.Read(paths), question);
            if (new FileInfo(paths.Timing).Length == 0)
            {
                continue;
            }

            var answer = index.FromIndex(question);
            Assert.NotNull(answer);
            Assert.Equal(Flat(expected), Flat(answer));
        }
    }

    private static void CompareOpen(WorkspacePaths paths, OpenIntervals open)
    {
        var bytes = File.ReadAllBytes(paths.Timing);
        open.Refresh(new AppendContext(bytes.Length == 0, "\n", bytes.Length, true));
        if (bytes is [] or [.., not (byte)'\n'])
        {
            return;
        }

        var expected = TimingReport
            .Create(TimingLogReader.Read(paths), new TimingReportOptions { Limit = 10_000 })
            .Open.Where(static start => start.TaskId.Length > 0)
            .ToList();
        foreach (var start in expected)
        {
            Assert.Equal(start, open.Find(start.TaskId));
        }

        Assert.Equal(expected, open.Fitting(null, null, 10_000).Latest);
        Assert.Equal(expected.Count(static start => start.Mode == "code"), open.Fitting(null, "code", 1).Count);
        Assert.Null(open.Find("never"));
    }

    private static string Flat(TimingSummary summary)
    {
        var report = summary.Report;
        var counts =
            $"{report.Total} open {report.OpenCount} long {report.OverLimitCount} findings {summary.DiagnosticCount} rows "
            + $"{summary.Rows} headers {summary.Headers} blank {summary.BlankLines} "
            + $"repaired {summary.RepairedRows} not {summary.NotUnderstood} ends {summary.UnmatchedEnds}";
        object[] all =
        [
            counts,
            "modes",
            .. report.ByMode,
            "priorities",
            .. report.ByPriority,
            "days",
            .. report.ByDay,
            "tasks",
            .. report.ByTask,
            "complete",
            .. report.Complete,
            "open",
            .. report.Open,
            "long",
            .. report.OverLimit,
            "findings",
            .. summary.Diagnostics,
        ];
        return string.Join('\n', all);
    }
}
