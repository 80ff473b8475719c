using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Scheduling.Editing;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rows;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Requests;

/// <summary>
/// Calls that write files and are cut off: in front of their effect, or between it and the answer. The next one to ask does what is missing
/// and nothing twice.
/// </summary>
public sealed class CutOffFileCallTests : IDisposable
{
    private const string Id = "3f9c";
    private static readonly TimingCall Start = new("start") { Task = "a task", Mode = "code" };

    private readonly TestWorkspace _test = new(new Core.Runs.Contracts.RunLimits());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AppendMemory_CutOff_StandsInTheMemoryOnce(bool isDone)
    {
        var append = new MemoryAppend(MemorySection.Updates, "It needs oil.", "finding", "code");

        await CutOffAsync(isDone, () => AppendAsync(append));
        var answer = await AppendAsync(append);

        (answer.IsDuplicate, answer.Seen).Should().Be((false, 1));
        (await AppendAsync(append)).Should().Be(answer);
        (await EntriesAsync()).Should().ContainSingle().Which.Seen.Should().Be(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AppendMemory_OfWhatIsThereCutOff_IsCountedOnce(bool isDone)
    {
        var append = new MemoryAppend(MemorySection.Updates, "It needs oil.");
        await _test.Workspace.Memory.AppendAsync(append, Token);
        _test.Time.Advance(TimeSpan.FromMinutes(1));

        await CutOffAsync(isDone, () => AppendAsync(append));
        var answer = await AppendAsync(append);

        (answer.IsDuplicate, answer.Seen).Should().Be((true, 2));
        (await EntriesAsync()).Should().ContainSingle().Which.Seen.Should().Be(2);
    }

    [Fact]
    public async Task AppendMemory_DoneAndArchivedBeforeItIsAskedAgain_IsFoundInTheArchive()
    {
        var append = new MemoryAppend(MemorySection.Updates, "It needs oil.");
        await CutOffAsync(isDone: true, () => AppendAsync(append));
        for (var number = 0; number < 30; number++)
        {
            _test.Time.Advance(TimeSpan.FromSeconds(1));
            await _test.Workspace.Memory.AppendAsync(new MemoryAppend(MemorySection.Updates, $"Other {number}."), Token);
        }

        await _test.Workspace.Memory.CompactAsync(MemoryStore.MaxHeadroomPercent, cancellationToken: Token);
        (await EntriesAsync()).Should().NotContain(static entry => entry.Text == "It needs oil.");

        (await AppendAsync(append)).IsDuplicate.Should().BeFalse();

        (await EntriesAsync()).Should().NotContain(static entry => entry.Text == "It needs oil.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LogTiming_StartCutOff_OpensOneInterval(bool isDone)
    {
        var asked = _test.Now;
        await CutOffAsync(isDone, () => LogAsync(Start));

        var answer = await LogAsync(Start);

        answer.StartTime.Should().Be(asked, "that is when the work began");
        (await LogAsync(Start)).Should().Be(answer);
        Rows().Should().ContainSingle().Which.TaskId.Should().Be(answer.TaskId);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task LogTiming_StopCutOff_ClosesTheIntervalOnce(bool isDone, bool byId)
    {
        var open = await _test.Workspace.Timing.StartAsync(new TimingStart("a task", "code"), Token);
        _test.Time.Advance(TimeSpan.FromMinutes(10));
        var stop = new TimingCall("stop")
        {
            TaskId = byId ? open.TaskId : null,
            // As some clients send what they leave out.
            Task = byId ? null : "",
            Mode = byId ? null : "code",
            Result = "all of it",
        };
        await CutOffAsync(isDone, () => LogAsync(stop));

        var answer = await LogAsync(stop);

        answer.Should().Match<TimingEntry>(row => row.TaskId == open.TaskId && row.DurationSeconds == 600 && row.Result == "all of it");
        (await LogAsync(stop)).Should().Be(answer);
        Rows().Should().HaveCount(2).And.ContainSingle(static row => row.Kind == TimingEntryKind.Close);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LogTiming_RecordCutOff_WritesOneRow(bool isDone)
    {
        var record = new TimingCall("record")
        {
            Task = "a task",
            Mode = "code",
            StartTime = _test.Now.AddHours(-2),
            EndTime = _test.Now.AddHours(-1),
        };
        await CutOffAsync(isDone, () => LogAsync(record));

        (await LogAsync(record)).DurationSeconds.Should().Be(3600);

        Rows().Should().ContainSingle();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SaveSchedule_NewOneCutOff_IsMadeOnce(bool isDone)
    {
        var edit = new ScheduleEdit
        {
            Name = "Nightly",
            Task = "Do it.",
            Interval = "1 day",
        };
        await CutOffAsync(isDone, () => SaveAsync(edit));
        if (isDone)
        {
            // Something else in the file does not hide it.
            await _test.Workspace.Schedules.SaveAsync(edit with { Id = "other" }, Token);
        }

        var answer = await SaveAsync(edit);

        answer.Created.Should().BeTrue();
        answer.Changed.Should().Contain("name").And.Contain("timeInterval");
        (await SaveAsync(edit)).Should().BeEquivalentTo(answer, static options => options.Excluding(static saved => saved.Schedule));
        Schedules().Where(static schedule => schedule.Id != "other").Should().ContainSingle().Which.Id.Should().Be(answer.Id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SaveSchedule_ChangeCutOff_IsInTheFile(bool isDone)
    {
        _test.WriteSchedules(TestWorkspace.Every(60));
        var edit = new ScheduleEdit { Id = "s", Interval = "2 hours" };
        await CutOffAsync(isDone, () => SaveAsync(edit));

        var answer = await SaveAsync(edit);

        answer.Created.Should().BeFalse();
        Schedules().Should().ContainSingle().Which.Interval.ToString().Should().Be("every 2 hours");
        Directory.GetFiles(Path.Combine(_test.Paths.Backups, "schedules.json")).Should().ContainSingle("it was changed once");
    }

    [Fact]
    public async Task SaveSchedule_ChangedByOthersSince_SaysThatItIsNotKnownAndChangesNothing()
    {
        _test.WriteSchedules(TestWorkspace.Every(60));
        var edit = new ScheduleEdit { Id = "s", Interval = "2 hours" };
        await CutOffAsync(isDone: true, () => SaveAsync(edit));
        _test.WriteSchedules(TestWorkspace.Every(30));

        (await FluentActions.Awaiting(() => SaveAsync(edit)).Should().ThrowAsync<UserErrorException>())
            .Which.Message.Should()
            .Contain("It is not known whether")
            .And.Contain("Nothing was saved now")
            .And.Contain("with a new request id");

        Schedules().Should().ContainSingle().Which.Interval.ToString().Should().Be("every 30 minutes");
    }

    // The process ends: behind the effect, or as soon as the call was entered.
    private async Task CutOffAsync<T>(bool isDone, Func<Task<T>> call)
    {
        if (isDone)
        {
            _test.Workspace.Requests.BeforeAnswer = static () => throw new KilledException();
        }
        else
        {
            _test.Workspace.Database.AfterCommit = static () => throw new KilledException();
        }

        await call.Should().ThrowAsync<KilledException>();
        _test.Restart();
        _test.Time.Advance(TimeSpan.FromMinutes(5));
    }

    private async Task<MemoryAppendResult> AppendAsync(MemoryAppend append) =>
        await _test.Workspace.Memory.AppendAsync(append, _test.Workspace.Requests, Id, Token);

    private Task<TimingEntry> LogAsync(TimingCall call) => _test.Workspace.Timing.LogAsync(call, _test.Workspace.Requests, Id, Token);

    private Task<ScheduleSaved> SaveAsync(ScheduleEdit edit) => _test.Workspace.Schedules.SaveAsync(edit, Id, Token);

    private async Task<IReadOnlyList<MemoryEntry>> EntriesAsync() =>
        [.. (await _test.Workspace.Memory.ReadAsync(cancellationToken: Token)).Sections.SelectMany(static section => section.Entries)];

    private IReadOnlyList<TimingEntry> Rows() => TimingLogReader.Read(_test.Paths).Entries;

    private IReadOnlyList<Core.Scheduling.Definition.Schedule> Schedules() => _test.Workspace.Schedules.Source.Schedules;

    private sealed class KilledException : Exception;
}
