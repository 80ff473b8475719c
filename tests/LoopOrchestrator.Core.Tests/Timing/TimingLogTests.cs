using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Storage.Sqlite.Indexes;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rows;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Core.Tests.Timing;

public sealed class TimingLogTests : IDisposable
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(Noon);
    private readonly TimingLog _log;

    public TimingLogTests() => _log = SqliteIndexes.TimingLog(_folder.Paths, _time);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task StartThenStop_NewFile_WritesHeaderAndTwoRowsWithOneId()
    {
        var start = await _log.StartAsync(new TimingStart("fix it", "code", Priority: TimingPriority.Todo), Token);
        _time.Advance(TimeSpan.FromSeconds(948.5));
        var stop = await _log.StopAsync(new TimingStop(start.TaskId), Token);

        start.TaskId.Should().MatchRegex("^[0-9a-f]{8}$");
        stop.DurationSeconds.Should().Be(949);
        (await File.ReadAllTextAsync(_folder.Paths.Timing, Token))
            .Should()
            .Be(
                "timestamp\tmode\ttask_id\tstart_time\tend_time\tduration\ttask\tresult\tpriority\n"
                    + $"2026-01-02T12:00:00.000Z\tcode\t{start.TaskId}\t2026-01-02T12:00:00.000Z\t\t\tfix it\tstarted\ttodo\n"
                    + $"2026-01-02T12:15:48.500Z\tcode\t{start.TaskId}"
                    + "\t2026-01-02T12:00:00.000Z\t2026-01-02T12:15:48.500Z\t949\tfix it\tcompleted\ttodo\n"
            );
    }

    [Fact]
    public async Task StartAsync_IdIsOpen_IsRefusedAlsoForAnotherInstance()
    {
        await _log.StartAsync(new TimingStart("a", "code", "id-1"), Token);
        var other = SqliteIndexes.TimingLog(_folder.Paths, _time);

        await other
            .Awaiting(log => log.StartAsync(new TimingStart("b", "code", "id-1"), Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*id-1*open since*");
        await other
            .Awaiting(log => log.RecordAsync(new TimingRecord("b", "code", Noon, Noon, "id-1"), Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*id-1*open since*nothing was recorded*");

        await other.StopAsync(new TimingStop("id-1"), Token);
        await _log.StartAsync(new TimingStart("b", "code", "id-1"), Token);
    }

    [Fact]
    public async Task StartAsync_SameIdFromManyInstances_OpensOnce()
    {
        var logs = Enumerable.Range(0, 4).Select(_ => SqliteIndexes.TimingLog(_folder.Paths, _time)).ToArray();

        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 80)
                .Select(number =>
                    Task.Run(
                        async () =>
                        {
                            try
                            {
                                await logs[number % 4].StartAsync(new TimingStart($"task {number}", "code", $"id-{number % 10}"), Token);
                                return true;
                            }
                            catch (UserErrorException)
                            {
                                return false;
                            }
                        },
                        Token
                    )
                )
        );

        results.Count(isStarted => isStarted).Should().Be(10);
        TimingLogReader.Read(_folder.Paths).Entries.Select(entry => entry.TaskId).Should().HaveCount(10).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task StopAsync_SameIdAtOnce_ClosesOnce()
    {
        await _log.StartAsync(new TimingStart("a", "code", "id"), Token);

        var closed = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => Task.Run(() => _log.CloseIfOpenAsync("id", Noon, "done", cancellationToken: Token), Token))
        );

        closed.Count(isClosed => isClosed).Should().Be(1);
        (await _log.CloseIfOpenAsync("id", Noon, "done", cancellationToken: Token)).Should().BeFalse();
        TimingLogReader.Read(_folder.Paths).Entries.Should().HaveCount(2);
    }

    [Fact]
    public async Task CloseIfOpenAsync_MeasuredDuration_IsWritten()
    {
        await _log.StartAsync(new TimingStart("a", "code", "id"), Token);

        (await _log.CloseIfOpenAsync("id", Noon.AddHours(-1), "done", TimeSpan.FromSeconds(12.5), Token)).Should().BeTrue();

        TimingLogReader.Read(_folder.Paths).Entries[1].DurationSeconds.Should().Be(13);
    }

    [Fact]
    public async Task StopAsync_ByTaskOrMode_ClosesTheOnlyOneThatFits()
    {
        await _log.StartAsync(new TimingStart("a", "code", "one"), Token);
        await _log.StartAsync(new TimingStart("b", "code", "two"), Token);
        await _log.StartAsync(new TimingStart("b", "ask", "three"), Token);

        (await _log.StopAsync(new TimingStop(Task: "a"), Token)).TaskId.Should().Be("one");
        (await _log.StopAsync(new TimingStop(Task: "b", Mode: "ask", Result: "fine"), Token))
            .Should()
            .Match<TimingEntry>(stop => stop.TaskId == "three" && stop.Result == "fine");
        (await _log.StopAsync(new TimingStop(Mode: "code"), Token)).TaskId.Should().Be("two");
    }

    [Fact]
    public async Task StopAsync_AmbiguousOrNone_NamesTheOpenIdsAndWritesNothing()
    {
        await _log.StartAsync(new TimingStart("a", "code", "one"), Token);
        await _log.StartAsync(new TimingStart("a", "code", "two"), Token);

        foreach (var stop in new[] { new TimingStop(Task: "a"), new TimingStop("three"), new TimingStop(Task: "c"), new TimingStop() })
        {
            (await _log.Awaiting(log => log.StopAsync(stop, Token)).Should().ThrowAsync<UserErrorException>())
                .Which.Message.Should()
                .Contain("one")
                .And.Contain("two");
        }

        TimingLogReader.Read(_folder.Paths).Entries.Should().HaveCount(2);
    }

    [Fact]
    public async Task StopAsync_BeforeItsStart_IsZeroSecondsAndReadWithoutAFinding()
    {
        await _log.StartAtAsync(new TimingStart("a", "code", "id"), Noon.AddHours(1), Token);

        (await _log.StopAsync(new TimingStop("id", Result: "true"), Token)).DurationSeconds.Should().Be(0);

        var reading = TimingLogReader.Read(_folder.Paths);
        reading.Diagnostics.Should().BeEmpty();
        reading.Entries[1].Should().Match<TimingEntry>(stop => stop.DurationSeconds == 0 && stop.Result == "true");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(24)]
    public async Task Stop_ClockSetMeanwhile_ChangesNoDurationOfWhatThisProcessOpened(int hours)
    {
        var time = new JumpingTime(Noon);
        using var log = SqliteIndexes.TimingLog(_folder.Paths, time);
        await log.StartAsync(new TimingStart("a", "code", "stopped"), Token);
        await log.StartIfClosedAsync(new TimingStart("b", "code", "closed"), Noon.AddSeconds(-30), Token);
        await log.StartAsync(new TimingStart("c", "code", "measured elsewhere"), Token);
        time.Advance(TimeSpan.FromSeconds(90));
        time.JumpWallClock(TimeSpan.FromHours(hours));

        (await log.StopAsync(new TimingStop("stopped"), Token))
            .Should()
            .Match<TimingEntry>(stop => stop.DurationSeconds == 90 && stop.EndTime == Noon.AddSeconds(90));
        (await log.CloseIfOpenAsync("closed", time.GetUtcNow(), "completed", cancellationToken: Token)).Should().BeTrue();
        (await log.CloseIfOpenAsync("measured elsewhere", Noon.AddSeconds(80), "completed", cancellationToken: Token)).Should().BeTrue();

        var reading = TimingLogReader.Read(_folder.Paths);
        reading.Diagnostics.Should().BeEmpty();
        reading.Entries.TakeLast(2).Select(static row => row.DurationSeconds).Should().Equal(120, 80);
    }

    [Fact]
    public async Task StopAtAsync_BeforeTheStart_IsRefused()
    {
        await _log.StartAsync(new TimingStart("a", "code", "id"), Token);

        await _log.Awaiting(log => log.StopAtAsync(new TimingStop("id"), Noon.AddSeconds(-1), Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*end_time*is before start_time*nothing was recorded*");
        (await _log.StopAtAsync(new TimingStop("id"), Noon.AddSeconds(90), Token)).DurationSeconds.Should().Be(90);
    }

    [Fact]
    public async Task RecordAsync_WholeInterval_IsOneRow()
    {
        await _log.RecordAsync(new TimingRecord("a", "code", Noon, Noon.AddSeconds(2.5), Result: "went well"), Token);
        await _log.Awaiting(log => log.RecordAsync(new TimingRecord("a", "code", Noon, Noon.AddSeconds(-1)), Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*end_time*is before start_time*nothing was recorded*");

        TimingLogReader
            .Read(_folder.Paths)
            .Entries.Should()
            .ContainSingle()
            .Which.Should()
            .Match<TimingEntry>(entry =>
                entry.Kind == TimingEntryKind.Interval && entry.DurationSeconds == 3 && entry.Result == "went well"
            );
    }

    [Theory]
    [InlineData("", "code", null, "normal", "*task is empty*")]
    [InlineData("a", "two words", null, "normal", "*two words*")]
    [InlineData("a", "", null, "normal", "*slug*")]
    [InlineData("a", "code", " ", "normal", "*task_id*")]
    [InlineData("a", "code", null, "high", "*schedule, todo or normal*")]
    public async Task StartAsync_BadValue_IsRefused(string task, string mode, string? id, string priority, string message) =>
        await _log.Awaiting(log => log.StartAsync(new TimingStart(task, mode, id, priority), Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage(message);

    [Theory]
    [InlineData("completed", "not what it seems")]
    [InlineData("line one\nline two\tand a tab", "\r\n")]
    [InlineData("C:\\new \u2409 \u2426", "a,b,\"c\"")]
    [InlineData("timestamp", "high")]
    [InlineData("2026-01-01T00:00:00Z", "17")]
    public async Task Read_RowsOfOurs_ComeBackAsTheyWereAndAreNeverGuessedAt(string task, string result)
    {
        await _log.StartAsync(new TimingStart(task, "code", "id"), Token);
        await _log.StopAsync(new TimingStop("id", Result: result), Token);

        var reading = TimingLogReader.Read(_folder.Paths);
        reading.Diagnostics.Should().BeEmpty();
        reading.Entries.Select(entry => entry.Task).Should().Equal(task, task);
        reading.Entries[1].Result.Should().Be(string.IsNullOrWhiteSpace(result) ? "completed" : result);
    }

    [Fact]
    public async Task Start_FileChangedByOthers_IsJudgedByWhatStandsThereNow()
    {
        await _log.StartAsync(new TimingStart("a", "code", "mine"), Token);
        var row = "2026-01-02T12:00:00.000Z\tcode\ttheirs\t2026-01-02T12:00:00.000Z\t\t\tx\tstarted\tnormal";
        await File.AppendAllTextAsync(_folder.Paths.Timing, row, Token);
        await _log.Awaiting(log => log.StartAsync(new TimingStart("b", "code", "theirs"), Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*theirs*open since*nothing was recorded*");
        (await _log.StopAsync(new TimingStop("theirs"), Token)).DurationSeconds.Should().Be(0);

        await File.WriteAllTextAsync(_folder.Paths.Timing, TimingRow.Header + "\n", Token);
        await _log.StartAsync(new TimingStart("a", "code", "mine"), Token);

        TimingLogReader.Read(_folder.Paths).Entries.Should().ContainSingle();
    }

    [Fact]
    public async Task IsOpenAsync_NoFile_MakesNone()
    {
        (await _log.IsOpenAsync("id", Token)).Should().BeFalse();

        Directory.EnumerateFileSystemEntries(_folder.FullPath).Should().BeEmpty();
    }

    [Fact]
    public async Task IsOpenAsync_FileThatIsThere_AnswersOrFails()
    {
        await _log.StartAsync(new TimingStart("a", "code", "id"), Token);

        (await _log.IsOpenAsync("id", Token), await _log.IsOpenAsync("other", Token)).Should().Be((true, false));

        File.Delete(_folder.Paths.Timing);
        Directory.CreateDirectory(_folder.Paths.Timing);
        await _log.Awaiting(static log => log.IsOpenAsync("id", Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*task_timing.tsv*");
    }

    [Fact]
    public async Task StartAsync_TargetIsAFolder_IsAClearError()
    {
        Directory.CreateDirectory(_folder.Paths.Timing);

        await _log.Awaiting(log => log.StartAsync(new TimingStart("a", "code", "id"), Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*task_timing.tsv*");

        Directory.Delete(_folder.Paths.Timing);
        (await _log.StartAsync(new TimingStart("a", "code", "id"), Token)).TaskId.Should().Be("id");
    }
}
