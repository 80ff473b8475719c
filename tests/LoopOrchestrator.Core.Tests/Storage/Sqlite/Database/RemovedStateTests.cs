using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Recovery;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Storage.Sqlite.Stores;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace LoopOrchestrator.Core.Tests.Storage.Sqlite.Database;

/// <summary>The folder of the state is removed under a process that works (<c>rm -rf .loop</c>, <c>git clean -fdx</c>).</summary>
public sealed class RemovedStateTests : IDisposable
{
    private readonly TestWorkspace _test = new(new RunLimits { MaxAttempts = 1 });

    public RemovedStateTests() =>
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A file that is open cannot be removed, or not be told from another, elsewhere.");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Removed_WhileItWorks_IsPutBackWithAllThatItKnewAndNothingFiresTwice()
    {
        var (ended, running, handOff) = await WorkAsync();
        var launched = _test.Supervisors.Orders.Count;
        var due = (await _test.Workspace.Schedules.Ledger.StatesAsync(Token))["s"].LastDueAt;
        Remove();

        _test.Workspace.IsStateGone.Should().BeTrue();
        await OpenAsServerAsync();

        _test.Workspace.IsStateGone.Should().BeFalse();
        (await _test.Workspace.Runs.GetAsync(ended, Token)).State.Should().Be(RunState.Succeeded);
        (await _test.Workspace.Runs.GetAsync(handOff, Token)).State.HasEnded().Should().BeFalse();
        (await _test.Workspace.Schedules.Ledger.StatesAsync(Token))["s"].LastDueAt.Should().Be(due);
        (await _test.Workspace.Schedules.Ledger.StatesAsync(Token))["s2"].PausedReason.Should().Be("holiday");
        _test.Supervisors.Orders.Should().HaveCount(launched, "the moment was due before, and had its run");
        await _test.PassAfterAsync(TimeSpan.FromMinutes(10));
        _test.Supervisors.Orders.Should().HaveCount(launched + 1, "the next moment has its own");
        (await _test.Workspace.Runs.GetAsync(running, Token))
            .Should()
            .Match<Run>(run => run.State == RunState.Interrupted && run.Reason!.Contains(".loop"));
        TimingLogReader
            .Read(_test.Paths)
            .Entries.Should()
            .Contain(row => row.TaskId == ended && row.Result == "completed", "the time log is the witness");
    }

    [Fact]
    public async Task Removed_WithoutItsLog_IsPutBackWithoutTheOldOne()
    {
        var (ended, _, handOff) = await WorkAsync();
        File.Delete(_test.Paths.Database);
        File.Exists(_test.Paths.Database + "-wal").Should().BeTrue("what was written last is in the log");

        await OpenAsServerAsync();

        (await _test.Workspace.Runs.GetAsync(ended, Token)).State.Should().Be(RunState.Succeeded);
        (await _test.Workspace.Runs.GetAsync(handOff, Token)).State.HasEnded().Should().BeFalse();
        _test.Restart();
        (await _test.Workspace.Runs.GetAsync(handOff, Token))
            .State.HasEnded()
            .Should()
            .BeFalse("nothing of the old log was applied to the copy");
        DamageNotes.Describe(_test.Paths, _test.Now).Should().ContainSingle().Which.Should().StartWith(".loop was removed");
    }

    [Fact]
    public async Task Removed_AndReadByManyAtOnce_LeavesNoEmptyDatabase()
    {
        var (_, _, handOff) = await WorkAsync();
        Remove();
        StateFolder.Ensure(_test.Paths);

        // Each needs a connection of its own while the others have theirs; one that finds the file missing fails, and makes none.
        using var all = new Barrier(6);
        await Parallel.ForAsync(0, 6, new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = Token }, async (_, token) =>
        {
            all.SignalAndWait(TimeSpan.FromSeconds(10), token);
            try
            {
                await _test.Workspace.Runs.GetAsync(handOff, token);
            }
            catch (UserErrorException)
            {
                // Allowed: the database is not there at this moment.
            }
        });

        File.Exists(_test.Paths.Database).Should().BeFalse("who only reads makes none");
        await OpenAsServerAsync();
        (await _test.Workspace.Runs.GetAsync(handOff, Token)).State.HasEnded().Should().BeFalse();
        (await _test.Workspace.Schedules.Ledger.StatesAsync(Token))["s2"].PausedReason.Should().Be("holiday");
    }

    [Fact]
    public async Task Removed_AndNotToBePutBack_IsToldWithWhatIsStillOpen()
    {
        var (ended, _, _) = await WorkAsync();
        Remove();
        await File.WriteAllTextAsync(_test.Paths.State, "somebody's file", Token);

        var status = await _test.Workspace.Status.ReadAsync(Token);

        status.Attention[0].Should().Contain(_test.Paths.State).And.Contain("cannot be written");
        status.RunCounts[RunState.Succeeded].Should().Be(2);
        File.Delete(_test.Paths.State);
        (await _test.Workspace.Status.ReadAsync(Token)).Attention.Should().Contain(static text => text.StartsWith(".loop was removed"));
        (await _test.Workspace.Runs.GetAsync(ended, Token)).State.Should().Be(RunState.Succeeded);
    }

    [Fact]
    public async Task Workspace_ThatIsAnotherAtTheSamePath_GetsNothingOfTheOldOne()
    {
        await WorkAsync();
        var moved = _test.Paths.Root + ".old";
        Directory.Move(_test.Paths.Root, moved);
        try
        {
            Directory.CreateDirectory(_test.Paths.Root);

            _test.Workspace.IsStateGone.Should().BeFalse("it is not this one that lost its state");
            await OpenAsServerAsync();

            (await _test.Workspace.Runs.ListAsync(new RunFilter(), Token)).Should().BeEmpty();
        }
        finally
        {
            Directory.Delete(moved, recursive: true);
        }
    }

    [Fact]
    public async Task Removed_IsToldAtOnce_ForADayOrUntilItsNoteIsRemoved()
    {
        await WorkAsync();
        Remove();

        // Before anything was written: whoever looks is told.
        var told = (await _test.Workspace.Status.ReadAsync(Token))
            .Attention.Should()
            .ContainSingle(static text => text.StartsWith(".loop was removed"))
            .Which;
        told.Should()
            .Contain("4 run(s)")
            .And.Contain("nothing fires twice")
            .And.Contain("checkpoints")
            .And.Contain("task_timing.tsv")
            .And.Contain("remove .loop/damaged/");

        _test.Restart();
        _test.Time.Advance(TimeSpan.FromHours(23));
        (await _test.Workspace.Status.ReadAsync(Token)).Attention.Should().Contain(told, "also by another process");
        _test.Time.Advance(TimeSpan.FromHours(2));
        (await _test.Workspace.Status.ReadAsync(Token)).Attention.Should().NotContain(told);
    }

    [Fact]
    public async Task Removed_WithNothingOpenThatCanBeCopied_IsMadeFromTheTimeLogAndTheMomentDoesNotFireAgain()
    {
        _test.WriteSchedules(TestWorkspace.Every(10));
        await _test.RunPassAsync();
        var launched = _test.Supervisors.Orders.Should().ContainSingle().Which;
        _test.Supervisors.End(launched.RunId);
        await _test.RunPassAsync();
        Remove();

        // As a process does whose connections are all closed.
        StateFolder.Ensure(_test.Paths);
        var rebuild = new StateRebuild(new RunFolderRebuild(_test.Paths, _test.Time), _test.Time);
        new StateRecovery(_test.Paths, rebuild, Redactor.OfProcess([]), _test.Time, NullLogger.Instance).PutBack(static _ => false);

        DamageNotes
            .Describe(_test.Paths, _test.Now)
            .Should()
            .ContainSingle()
            .Which.Should()
            .Contain("made anew from task_timing.tsv: 1 run(s)");
        _test.Restart();
        (await _test.Workspace.Schedules.Ledger.StatesAsync(Token))["s"].LastDueAt.Should().NotBeNull();
        await _test.RunPassAsync();
        _test.Supervisors.Orders.Should().ContainSingle("that moment has had its run");
    }

    [Fact]
    public async Task Removed_WhileNobodyWorked_TheTimeLogIsTheWitnessAndTheMomentDoesNotFireAgain()
    {
        _test.WriteSchedules(TestWorkspace.Every(10));
        await _test.RunPassAsync();
        _test.Supervisors.End(_test.Supervisors.Orders.Should().ContainSingle().Which.RunId);
        await _test.RunPassAsync();
        _test.Workspace.Dispose();
        Remove();
        _test.Restart();

        var looked = await _test.Workspace.Status.ReadAsync(Token);
        looked.Attention.Should().ContainSingle(static text => text.StartsWith(".loop is missing although task_timing.tsv tells of runs"));
        looked.RunCounts[RunState.Succeeded].Should().Be(1);
        LostState.Find(_test.Paths, _test.Time).Should().NotBeNull();
        Directory.Exists(_test.Paths.State).Should().BeFalse("whoever only looks leaves no trace");

        await _test.RunPassAsync();
        _test.Supervisors.Orders.Should().ContainSingle("that moment has had its run");
        (await _test.Workspace.Status.ReadAsync(Token))
            .Attention.Should()
            .ContainSingle(static text => text.StartsWith(".loop was missing") && text.Contains("1 run(s)") && text.Contains("for a day"));
        LostState.Find(_test.Paths, _test.Time).Should().BeNull();
        await _test.PassAfterAsync(TimeSpan.FromMinutes(10));
        _test.Supervisors.Orders.Should().HaveCount(2, "the next moment has its own");
    }

    [Theory]
    [InlineData("two schedules of one name")]
    [InlineData("a schedule that was renamed")]
    public async Task Removed_WhileTheRowSaysNotWhichScheduleItWas_NoMomentFiresAgain(string what)
    {
        var ids = what.StartsWith("two", StringComparison.Ordinal) ? (string[])["a", "b"] : ["a"];
        string[] Named(string name) =>
            [
                .. ids.Select(id =>
                    $$"""{"id":"{{id}}","name":"{{name}}","mode":"code","taskInstructions":"do {{name}}","""
                    + """ "cron":"0 0 * * *","timeZone":"UTC"}"""
                ),
            ];
        _test.WriteSchedules(Named("one name"));
        await _test.RunPassAsync();
        await _test.PassAfterAsync(TimeSpan.FromDays(1));
        var started = _test.Supervisors.Orders.Count;
        foreach (var order in _test.Supervisors.Orders.ToList())
        {
            _test.Supervisors.End(order.RunId);
        }

        await _test.RunPassAsync();
        _test.Workspace.Dispose();
        Remove();
        if (ids.Length == 1)
        {
            _test.WriteSchedules(Named("another name"));
        }

        _test.Restart();
        await _test.RunPassAsync();

        started.Should().Be(2 * ids.Length, "each fires when it is first seen, and at its moment");
        _test.Supervisors.Orders.Should().HaveCount(started, "that moment has had its run, whichever schedule it was");
        (await _test.Workspace.Schedules.Ledger.StatesAsync(Token))["a"].LastDueAt.Should().NotBeNull();
        await _test.PassAfterAsync(TimeSpan.FromDays(1));
        _test.Supervisors.Orders.Should().HaveCount(started + ids.Length, "the next moment is one of its own");
    }

    [Fact]
    public async Task StateThatNeverWas_BesideALogWithoutRuns_IsNotMissed()
    {
        await File.WriteAllTextAsync(_test.Paths.Timing, "a log of somebody's\n", Token);

        (await _test.Workspace.Status.ReadAsync(Token)).Attention.Should().BeEmpty();
    }

    [Fact]
    public async Task Removed_WithTheSchedulersLock_LeavesNoSecondProcessThatFires()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var turns = 0;
        var isHeld = false;
        _test.Workspace.Loop.OnIdle = next =>
        {
            switch (turns++)
            {
                case 0:
                    Remove();
                    _test.Time.Advance(next - _test.Now + TimeSpan.FromSeconds(1));
                    break;
                default:
                    using (var other = FileLock.TryAcquire(Path.Combine(_test.Paths.Locks, "scheduler.lock")))
                    {
                        isHeld = other is null;
                    }

                    stop.Cancel();
                    break;
            }
        };

        await _test.Workspace.Loop.RunAsync("http", static () => new ServerTrust(true, ""), stop.Token);

        isHeld.Should().BeTrue("the file that is there now is the one that counts");
    }

    private async Task<(string Ended, string Running, string HandOff)> WorkAsync()
    {
        _test.WriteSchedules(TestWorkspace.Every(10), TestWorkspace.Every(10, "s2"));
        await _test.Workspace.Schedules.PauseAsync("s2", "holiday", Token);
        var ended = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "first"), Token);
        await _test.RunPassAsync();
        _test.Supervisors.End(ended.Id);
        var ofSchedule = (await _test.Workspace.Runs.ListAsync(new RunFilter { ScheduleId = "s" }, Token)).Single();
        _test.Supervisors.End(ofSchedule.Id);
        await _test.PassAfterAsync(TimeSpan.FromSeconds(1));
        _test.Supervisors.OnLaunch = order => _test.Supervisors.ComeUp(order.RunId);
        var running = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "second"), Token);
        await _test.RunPassAsync();
        _test.Supervisors.OnLaunch = null;
        var handOff = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "by hand") { Agent = "handoff" }, Token);
        return (ended.Id, running.Id, handOff.Id);
    }

    // One turn of the loop of a server.
    private async Task OpenAsServerAsync()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        _test.Workspace.Loop.OnIdle = _ => stop.Cancel();
        await _test.Workspace.Loop.RunAsync("http", static () => new ServerTrust(true, ""), stop.Token);
        _test.Workspace.Loop.OnIdle = null;
    }

    // Out of the way first: what works beside the loop may add a file while the folder is being emptied.
    private void Remove()
    {
        var away = _test.Paths.State + ".removed";
        Directory.Move(_test.Paths.State, away);
        Directory.Delete(away, recursive: true);
    }
}
