using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Storage.Sqlite.Indexes;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Timing.Indexing;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rotation;
using LoopOrchestrator.Testing;
using static LoopOrchestrator.Core.Tests.Timing.Rotation.RotationSample;

namespace LoopOrchestrator.Core.Tests.Timing.Rotation;

/// <summary>A rotation that dies at any of its steps loses no row and has none counted twice, for readers and for writers.</summary>
public sealed class RotationCrashTests : IDisposable
{
    private const int Steps = 7;

    private readonly TemporaryFolder _folder = new();
    private readonly List<TemporaryFolder> _copies = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private WorkspacePaths Paths => _folder.Paths;

    public static TheoryData<int, bool> Places =>
        new(from step in Enumerable.Range(0, Steps) from isAdded in (bool[])[false, true] select (step, isAdded));

    public void Dispose()
    {
        _folder.Dispose();
        _copies.ForEach(static copy => copy.Dispose());
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Rotate_KilledAtAStep_LeavesEachRowOnceForReadersAndWriters(int step, bool isAdded)
    {
        await PrepareAsync(isAdded);
        var before = Said(Paths);
        var killed = await KilledAtAsync(step);

        Said(killed).Should().Be(before);
        using (var index = SqliteIndexes.TimingIndex(killed, new TimingIndexLimits { SmallFile = 0, Behind = 0 }))
        {
            Said(index.FromIndex(new TimingReportOptions { Limit = 10_000 })!).Should().Be(before);
        }

        using (var log = SqliteIndexes.TimingLog(killed, new StillTime(Now)))
        {
            await log.StopAsync(new TimingStop("open"), Token);
            log.Summarize().Report.Should().Match<TimingReport>(static report => report.Total.Count == 5 && report.OpenCount == 0);
        }

        File.Exists(killed.TimingRotation).Should().BeFalse("whoever writes ends what was begun");
        await Rotator(killed).RotateAsync(Token);
        TimingLogReader.Read(killed).Entries.Count(static entry => entry.IsComplete).Should().Be(5);
        await Rotator(Paths).RotateAsync(Token);
        Read(Month(killed, "2026-01")).Should().Be(Read(Month(Paths, "2026-01")));
        Read(Month(killed, "2026-02")).Should().Be(Read(Month(Paths, "2026-02")));
        Directory
            .EnumerateFiles(killed.Root, "*.tmp", SearchOption.TopDirectoryOnly)
            .Concat(Directory.EnumerateFiles(killed.TimingMonths, "*.tmp"))
            .Should()
            .BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Rotate_KilledAtAStep_IsDoneByTheNextOne(int step, bool isAdded)
    {
        await PrepareAsync(isAdded);
        var before = Said(Paths);
        var killed = await KilledAtAsync(step);

        await Rotator(killed).RotateAsync(Token);

        Said(killed).Should().Be(before);
        Read(killed.Timing).Should().Be(Header + Pair("d", "2026-03-05"));
        File.Exists(killed.TimingRotation).Should().BeFalse();
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Rotate_FailsAtAStep_LeavesEachRowOnce(int step, bool isAdded)
    {
        await PrepareAsync(isAdded);
        var before = Said(Paths);
        var rotation = Rotator(Paths);
        var count = 0;
        rotation.OnStep = _ =>
        {
            if (count++ == step)
            {
                throw new IOException("no room");
            }
        };

        await rotation.Awaiting(static one => one.RotateAsync(Token)).Should().ThrowAsync<UserErrorException>().WithMessage("*no room*");

        Said(Paths).Should().Be(before);
        await Rotator(Paths).RotateAsync(Token);
        Said(Paths).Should().Be(before);
        Read(Paths.Timing).Should().Be(Header + Pair("d", "2026-03-05"));
    }

    [Fact]
    public async Task Rotate_AMonthWasEditedAfterTheKill_IsToldAndNothingIsTakenFromIt()
    {
        await PrepareAsync(isAdded: false);
        var before = Said(Paths);
        var killed = await KilledAtAsync(4);
        File.AppendAllText(Month(killed, "2026-01"), "# mine\n");

        await Rotator(killed)
            .Awaiting(static one => one.RotateAsync(Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*was changed after*remove*");

        Read(Month(killed, "2026-01")).Should().EndWith("# mine\n");
        Said(killed).Should().Be(before, "what stands twice counts once");
        using var log = SqliteIndexes.TimingLog(killed, new StillTime(Now));
        await log.StopAsync(new TimingStop("open"), Token);
        log.Summarize().Report.Total.Count.Should().Be(5);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Rotate_AProgramWithoutOurLockWritesMeanwhile_ItsRowsAreTakenOver(int step)
    {
        await PrepareAsync(isAdded: false);
        using var old = new FileStream(Paths.Timing, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        var rotation = Rotator(Paths);
        var count = 0;
        rotation.OnStep = now =>
        {
            if (count++ == step || now == RotationStep.LogReplaced)
            {
                old.Write(System.Text.Encoding.UTF8.GetBytes(Pair($"foreign{count}", "2026-03-06")));
                old.Flush();
            }
        };

        await rotation.RotateAsync(Token);

        TimingLogReader
            .Read(Paths)
            .Entries.Count(static entry => entry.IsComplete && entry.TaskId.StartsWith("foreign", StringComparison.Ordinal))
            .Should()
            .Be(2);
    }

    [Fact]
    public async Task Rotate_BesideWritersAndReaders_EachRowIsThereOnceAtEachMoment()
    {
        const int Months = 5;
        const int Writers = 4;
        const int Pairs = 12;
        StateFolder.Ensure(Paths);
        var time = new JumpingTime(Now);
        var logs = Enumerable.Range(0, Writers).Select(_ => SqliteIndexes.TimingLog(Paths, time)).ToList();
        var seen = 0;
        using var done = new CancellationTokenSource();
        var reading = Task.Run(
            () =>
            {
                while (!done.IsCancellationRequested)
                {
                    var ids = TimingLogReader
                        .Read(Paths)
                        .Entries.Where(static entry => entry.IsComplete)
                        .Select(static entry => entry.TaskId)
                        .ToList();
                    ids.Should().OnlyHaveUniqueItems();
                    ids.Count.Should().BeGreaterThanOrEqualTo(seen);
                    seen = ids.Count;
                }
            },
            Token
        );
        for (var month = 0; month < Months; month++)
        {
            var writing = logs.Select(
                    (log, writer) =>
                        Task.Run(
                            async () =>
                            {
                                for (var pair = 0; pair < Pairs; pair++)
                                {
                                    var id = $"{month}-{writer}-{pair}";
                                    await log.StartAsync(new TimingStart("task", "code", id), Token);
                                    await log.StopAsync(new TimingStop(id), Token);
                                }
                            },
                            Token
                        )
                )
                .ToList();
            await Rotator(Paths, time: time).RotateAsync(Token);
            await Task.WhenAll(writing);
            time.Advance(TimeSpan.FromDays(32));
        }

        await done.CancelAsync();
        await reading;
        await Rotator(Paths, time: time).RotateAsync(Token);
        logs[0]
            .Summarize()
            .Report.Should()
            .Match<TimingReport>(static report => report.Total.Count == Months * Writers * Pairs && report.OpenCount == 0);
        Directory.GetFiles(Paths.TimingMonths).Should().HaveCount(Months);
        logs.ForEach(static log => log.Dispose());
    }

    private async Task PrepareAsync(bool isAdded)
    {
        if (isAdded)
        {
            File.WriteAllText(Paths.Timing, Header + Pair("a", "2026-01-04"));
            await Rotator(Paths).RotateAsync(Token);
            File.AppendAllText(Paths.Timing, Pair("b", "2026-01-05"));
        }
        else
        {
            File.WriteAllText(Paths.Timing, Header + Pair("a", "2026-01-04") + Pair("b", "2026-01-05"));
        }

        File.AppendAllText(Paths.Timing, Start("open", "2026-01-06") + Pair("c", "2026-02-05") + Pair("d", "2026-03-05"));
    }

    // What is on disk at that moment is all that a killed process leaves.
    private async Task<WorkspacePaths> KilledAtAsync(int step)
    {
        using var original = new TemporaryFolder();
        Copy(Paths.Root, original.FullPath);
        var rotation = Rotator(original.Paths);
        var copy = new TemporaryFolder();
        _copies.Add(copy);
        var count = 0;
        rotation.OnStep = _ =>
        {
            if (count++ == step)
            {
                Copy(original.FullPath, copy.FullPath);
            }
        };
        await rotation.RotateAsync(Token);
        count.Should().Be(Steps);
        return copy.Paths;
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);

            // The locks are held while this is copied, and another process would have them free.
            if (file.EndsWith(".lock", StringComparison.Ordinal))
            {
                File.WriteAllBytes(target, []);
                continue;
            }

            File.Copy(file, target);
        }
    }
}
