using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Testing;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Tests.Storage.Sqlite.Database;

/// <summary>A database that can be read no more is set aside, and what the files tell is known again.</summary>
public sealed class DamagedDatabaseTests : IDisposable
{
    private readonly TestWorkspace _test = new();

    public static TheoryData<string> Damages =>
        [
            "garbage",
            "cut off",
            "cut to a few bytes",
            "zeroed pages",
            "first page zeroed",
            "empty",
            "missing",
            "a folder",
            "lacks tables",
            "lacks tables of an earlier version",
        ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Start_OnADamagedDatabase_RebuildsItFromTheFiles(string damage)
    {
        var (ended, running, handOff) = await WorkAsync();
        var due = (await _test.Workspace.Schedules.Ledger.StatesAsync(Token))["s"].LastDueAt;
        _test.Workspace.Dispose();
        Damage(damage);

        _test.Restart();
        await OpenAsServerAsync();

        (await GetAsync(ended))
            .Should()
            .Match<Run>(run =>
                run.State == RunState.Failed
                && run.ExitCode == 3
                && run.Task == "first"
                && run.Agent == TestWorkspace.Checks
                && run.EndedAt != null
                && !run.StopRowPending
            );
        (await GetAsync(running))
            .Should()
            .Match<Run>(run =>
                run.State == RunState.Running && run.ScheduleId == "s" && run.Priority == RunPriority.Schedule && run.Attempt == 1
            );
        (await GetAsync(handOff))
            .Should()
            .Match<Run>(run =>
                run.State == RunState.NeedsInput && run.Questions.Single() == "which?" && run.Findings.Single() == "a finding"
            );
        (await _test.Workspace.Runs.DecisionsAsync(ended, Token))
            .Should()
            .Contain(decision => decision.Text.StartsWith("rebuilt from its folder"));
        (await _test.Workspace.Schedules.Ledger.StatesAsync(Token))["s"].LastDueAt.Should().Be(due, "the same moment must not fire again");
        (await _test.Workspace.Schedules.Ledger.HistoryAsync("s", 10, Token))
            .Should()
            .ContainSingle(row => row.RunId == running && row.DueAt == due);

        var attention = (await _test.Workspace.Status.ReadAsync(Token))
            .Attention.Should()
            .ContainSingle(text => text.Contains("state database was damaged"))
            .Subject;
        attention.Should().Contain("3 run(s), 1 of them going on").And.Contain(".loop/damaged/state-").And.Contain("Remove ");
        if (damage is not "missing")
        {
            Directory.EnumerateFileSystemEntries(_test.Paths.Damaged, "*.db").Should().ContainSingle("nothing is thrown away");
        }

        Directory.EnumerateFileSystemEntries(_test.Paths.State, "state.db.new*").Should().BeEmpty();
        Directory.EnumerateFileSystemEntries(_test.Paths.Locks, "*.suspect").Should().BeEmpty();
    }

    [Fact]
    public async Task AdoptedRun_AfterTheRebuild_EndsOnceAndNothingStartsBesideIt()
    {
        var (_, running, _) = await WorkAsync();
        var launched = _test.Supervisors.Orders.Count;
        _test.Workspace.Dispose();
        Damage("garbage");
        _test.Restart();

        await OpenAsServerAsync();
        await _test.PassAfterAsync(TimeSpan.FromMinutes(10));
        _test.Supervisors.Orders.Should().HaveCount(launched, "the run of the schedule goes on");

        _test.Supervisors.End(running);
        await _test.RunPassAsync();

        (await GetAsync(running)).State.Should().Be(RunState.Succeeded);
        Rows(running).Should().Equal("started", "completed");
        await _test.PassAfterAsync(TimeSpan.FromMinutes(10));
        _test.Supervisors.Orders.Should().HaveCount(launched + 1, "the next moment starts the next run");
        (await _test.Workspace.Schedules.Ledger.HistoryAsync("s", 10, Token))
            .Select(row => row.Outcome)
            .Should()
            .Equal(OccurrenceOutcome.Started, OccurrenceOutcome.Skipped, OccurrenceOutcome.Started);
    }

    [Fact]
    public async Task Report_GivenBeforeTheDamage_StillDecides()
    {
        await WorkAsync();
        var running = (
            await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "by a program") { Agent = TestWorkspace.Program }, Token)
        ).Id;
        await _test.RunPassAsync();
        await _test.Workspace.Runs.CompleteAsync(
            running,
            new RunReport(RunState.Failed, "it cannot be done", [], [], []),
            _test.AgentOf(running),
            cancellationToken: Token
        );
        _test.Workspace.Dispose();
        Damage("garbage");
        _test.Restart();
        _test.Supervisors.End(running, exitCode: 0);

        await OpenAsServerAsync();

        (await GetAsync(running)).Should().Match<Run>(run => run.State == RunState.Failed && run.Summary == "it cannot be done");
        Rows(running).Should().Equal("started", "failed");
    }

    [Fact]
    public async Task Pause_StillReadable_IsKept()
    {
        var (_, _, _) = await WorkAsync();
        await _test.Workspace.Schedules.PauseAsync("s", "on holiday", Token);
        _test.Workspace.Dispose();
        Damage("zeroed pages");
        _test.Restart();

        await OpenAsServerAsync();

        (await _test.Workspace.Schedules.Ledger.StatesAsync(Token))["s"].PausedReason.Should().Be("on holiday");
        (await _test.Workspace.Status.ReadAsync(Token)).Attention.Should().Contain(text => text.Contains("pauses were kept"));
    }

    [Fact]
    public async Task Pause_NoMoreReadable_IsToldAsLost()
    {
        await WorkAsync();
        await _test.Workspace.Schedules.PauseAsync("s", "on holiday", Token);
        _test.Workspace.Dispose();
        Damage("garbage");
        _test.Restart();

        (await _test.Workspace.Status.ReadAsync(Token)).Attention.Should().Contain(text => text.Contains("pause again what was paused"));
    }

    [Fact]
    public async Task Rows_WithoutAFolder_AreRunsAgain()
    {
        var (ended, running, handOff) = await WorkAsync();
        _test.Workspace.Dispose();
        Directory.Delete(_test.Paths.Run(ended), recursive: true);
        Directory.Delete(_test.Paths.Run(running), recursive: true);
        Damage("garbage");
        _test.Restart();

        await OpenAsServerAsync();

        (await GetAsync(ended)).Should().Match<Run>(run => run.State == RunState.Failed && run.Task == "first");
        (await GetAsync(running))
            .Should()
            .Match<Run>(run => run.State == RunState.Interrupted && run.ScheduleId == "s", "its row names the schedule");
        Rows(running).Should().Equal("started", "interrupted");
        (await GetAsync(handOff)).State.Should().Be(RunState.NeedsInput);
    }

    [Fact]
    public async Task FoldersOfAnEarlierVersion_WithoutTheirRecord_AreUnderstood()
    {
        var (ended, running, _) = await WorkAsync();
        _test.Workspace.Dispose();
        foreach (var run in Directory.EnumerateDirectories(_test.Paths.Runs))
        {
            File.Delete(Path.Combine(run, "run.json"));
        }

        Damage("garbage");
        _test.Restart();
        await OpenAsServerAsync();

        (await GetAsync(ended)).Should().Match<Run>(run => run.State == RunState.Failed && run.Mode == "code" && run.Task == "first");
        (await GetAsync(running)).Should().Match<Run>(run => run.State == RunState.Running && run.ScheduleId == "s" && run.Task == "do s");
    }

    [Fact]
    public async Task Files_OfARunThatCannotBeRead_DoNotKeepTheOthersFromBeing()
    {
        var (ended, running, _) = await WorkAsync();
        _test.Workspace.Dispose();
        foreach (var name in (string[])["run.json", "cancel", "report.json", "order.json"])
        {
            var path = Path.Combine(_test.Paths.Run(ended), name);
            File.Delete(path);
            Directory.CreateDirectory(path);
        }

        Directory.CreateDirectory(_test.Paths.Run("run-of-somebody-else"));
        await File.WriteAllTextAsync(Path.Combine(_test.Paths.Run(running), "outcome.json"), "{ not ours", Token);
        Damage("garbage");
        _test.Restart();
        await OpenAsServerAsync();

        (await GetAsync(ended)).State.Should().Be(RunState.Failed);
        (await GetAsync(running)).State.Should().Be(RunState.Running);
    }

    [Fact]
    public async Task Rebuild_CutShort_IsDoneAgain()
    {
        var (ended, _, _) = await WorkAsync();
        _test.Workspace.Dispose();
        Damage("garbage");

        // The log of times cannot be read: it ends after the old database was set aside and before there is a new one.
        File.Move(_test.Paths.Timing, _test.Paths.Timing + ".away");
        Directory.CreateDirectory(_test.Paths.Timing);
        using (var cut = _test.Open())
        {
            await FluentActions
                .Awaiting(() => cut.Runs.GetAsync(ended, Token))
                .Should()
                .ThrowAsync<UserErrorException>()
                .WithMessage("*task_timing.tsv*");
        }

        File.Exists(_test.Paths.Database).Should().BeFalse();
        Directory.Delete(_test.Paths.Timing);
        File.Move(_test.Paths.Timing + ".away", _test.Paths.Timing);
        await File.WriteAllTextAsync(_test.Paths.Database + "-wal", "left behind", Token);
        _test.Restart();

        (await GetAsync(ended)).State.Should().Be(RunState.Failed);
        (await _test.Workspace.Status.ReadAsync(Token))
            .Attention.Should()
            .ContainSingle(text => text.Contains("state database was damaged"))
            .Which.Should()
            .Contain("not a database");
        Directory.EnumerateFiles(_test.Paths.Damaged, "*-wal*").Should().ContainSingle();
    }

    [Fact]
    public async Task Damage_ShowsWhileRunning_FailsOneCallAndThenMends()
    {
        var (ended, _, _) = await WorkAsync();
        var other = _test.Open();
        await other.Runs.GetAsync(ended, Token);
        ZeroPagesInPlace();

        await FluentActions
            .Awaiting(() => _test.Workspace.Runs.ListAsync(new RunFilter(), Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*is damaged*repeat the call*");

        // The other process is asked to let go, and does so with its next look.
        var letGo = other.Loop.RunPassAsync(Token);
        (await _test.Workspace.Runs.ListAsync(new RunFilter(), Token)).Should().HaveCount(3);
        await letGo;
        (await other.Runs.GetAsync(ended, Token)).State.Should().Be(RunState.Failed);
        Directory.EnumerateFiles(_test.Paths.Damaged, "*.json").Should().ContainSingle();
    }

    [Fact]
    public async Task OpenElsewhere_IsNotReplaced_AndNamesTheProcess()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Who has a file open is seen in /proc.");
        var (ended, _, _) = await WorkAsync();
        _test.Workspace.Dispose();
        Damage("garbage");
        using var user = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("sh", ["-c", "exec 3<\"$0\"; echo open; read line", _test.Paths.Database])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
        await user.StandardOutput.ReadLineAsync(Token);
        _test.Restart();

        await FluentActions
            .Awaiting(() => GetAsync(ended))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage($"*cannot be replaced*process {user.Id}*");
        Directory.Exists(_test.Paths.Damaged).Should().BeFalse();

        user.StandardInput.Close();
        await user.WaitForExitAsync(Token);
        (await GetAsync(ended)).State.Should().Be(RunState.Failed);
    }

    [Fact]
    public async Task Suspicion_WithoutDamage_ChangesNothing()
    {
        var (ended, _, _) = await WorkAsync();
        _test.Workspace.Dispose();
        await File.WriteAllTextAsync(Path.Combine(_test.Paths.Locks, "state.db.suspect"), "somebody thought so", Token);
        _test.Restart();

        (await GetAsync(ended)).State.Should().Be(RunState.Failed);
        (await _test.Workspace.Runs.DecisionsAsync(ended, Token)).Should().NotContain(decision => decision.Text.Contains("rebuilt"));
        Directory.Exists(_test.Paths.Damaged).Should().BeFalse();
        File.Exists(Path.Combine(_test.Paths.Locks, "state.db.suspect")).Should().BeFalse();
    }

    [Fact]
    public async Task FreshWorkspace_WithALogOfElsewhere_IsNotRebuilt()
    {
        _test.Workspace.Dispose();
        await File.WriteAllTextAsync(
            _test.Paths.Timing,
            "timestamp\tmode\ttask_id\tstart_time\tend_time\tduration\ttask\tresult\tpriority\n",
            Token
        );
        _test.Restart();
        await OpenAsServerAsync();

        Directory.Exists(_test.Paths.Damaged).Should().BeFalse();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(8)]
    public async Task Tables_ThatAreMissing_AreDamageForWhoeverOnlyLooks(int? version)
    {
        var (ended, _, _) = await WorkAsync();
        _test.Workspace.Dispose();
        DropTables(version);

        _test.Restart();

        (await GetAsync(ended)).State.Should().Be(RunState.Failed);
        (await _test.Workspace.Status.ReadAsync(Token))
            .Attention.Should()
            .ContainSingle(static text => text.Contains("damaged"))
            .Which.Should()
            .Contain("lacks ")
            .And.Contain("schedules");
    }

    [Fact]
    public async Task Note_Removed_IsShownNoMore()
    {
        await WorkAsync();
        _test.Workspace.Dispose();
        Damage("garbage");
        _test.Restart();
        await OpenAsServerAsync();
        File.Delete(Directory.EnumerateFiles(_test.Paths.Damaged, "*.json").Single());

        (await _test.Workspace.Status.ReadAsync(Token)).Attention.Should().NotContain(text => text.Contains("damaged"));
    }

    // A run that failed, one of a schedule that goes on, and a hand-off that was reported.
    private async Task<(string Ended, string Running, string HandOff)> WorkAsync()
    {
        _test.WriteSchedules(TestWorkspace.Every(10, more: "\"taskInteraction\":\"skip\""));
        _test.Supervisors.OnLaunch = order => _test.Supervisors.ComeUp(order.RunId);
        var ended = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "first"), Token);
        await _test.RunPassAsync();
        _test.Supervisors.End(ended.Id, exitCode: 3);
        await _test.PassAfterAsync(TimeSpan.FromMinutes(1));
        var running = (await _test.Workspace.Runs.ListAsync(new RunFilter { ScheduleId = "s" }, Token)).Single();
        var handOff = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "by hand") { Agent = "handoff" }, Token);
        await _test.Workspace.Runs.CompleteAsync(
            handOff.Id,
            new RunReport(RunState.NeedsInput, "stuck", ["a finding"], [], ["which?"]),
            leaseToken: handOff.LeaseToken,
            cancellationToken: Token
        );
        return (ended.Id, running.Id, handOff.Id);
    }

    // As a server does that has just taken the scheduler lock.
    private async Task OpenAsServerAsync()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        _test.Workspace.Loop.OnIdle = _ => stop.Cancel();
        await _test.Workspace.Loop.RunAsync("http", () => new ServerTrust(true, ""), stop.Token);
        _test.Workspace.Loop.OnIdle = null;
    }

    private void Damage(string kind)
    {
        SqliteConnection.ClearAllPools();
        var file = _test.Paths.Database;
        switch (kind)
        {
            case "garbage":
                File.WriteAllBytes(file, [.. Enumerable.Range(0, 40_000).Select(static i => (byte)(i * 31))]);
                break;
            case "cut off":
                using (var stream = File.OpenWrite(file))
                {
                    stream.SetLength(stream.Length / 2);
                }

                break;
            case "cut to a few bytes":
                File.WriteAllText(file, "SQLite");
                break;
            case "zeroed pages":
                ZeroPagesInPlace();
                break;
            case "first page zeroed":
                using (var stream = File.OpenWrite(file))
                {
                    stream.Write(new byte[4096]);
                }

                break;
            case "empty":
                File.WriteAllBytes(file, []);
                break;
            case "missing":
                File.Delete(file);
                break;
            case "a folder":
                File.Delete(file);
                Directory.CreateDirectory(file);
                break;
            case "lacks tables":
                DropTables(version: null);
                break;
            case "lacks tables of an earlier version":
                DropTables(version: 8);
                break;
        }
    }

    private void DropTables(int? version)
    {
        using var connection = new SqliteConnection($"Data Source={_test.Paths.Database};Pooling=False");
        connection.Open();
        connection.Execute("PRAGMA foreign_keys = OFF");
        connection.Execute("DROP TABLE requests");
        connection.Execute("DROP TABLE schedules");
        if (version is { } earlier)
        {
            connection.Execute($"PRAGMA user_version = {earlier}");
        }
    }

    // The pages of the table of runs and its indexes, as a disk loses them: SQLite notices when it gets there.
    private void ZeroPagesInPlace()
    {
        List<long> pages;
        using (var connection = new SqliteConnection($"Data Source={_test.Paths.Database};Pooling=False"))
        {
            connection.Open();
            connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            pages = connection.Query("SELECT rootpage FROM sqlite_master WHERE name LIKE 'runs%' AND rootpage > 0", static reader =>
                reader.GetInt64(0)
            );
        }

        using var stream = new FileStream(_test.Paths.Database, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        foreach (var page in pages)
        {
            stream.Seek((page - 1) * 4096, SeekOrigin.Begin);
            stream.Write(new byte[4096]);
        }

        // A new page of the log makes those who have it open look at the file again.
        stream.Flush(flushToDisk: true);
    }

    private Task<Run> GetAsync(string id) => _test.Workspace.Runs.GetAsync(id, Token);

    private IEnumerable<string> Rows(string id) =>
        TimingLogReader.Read(_test.Paths).Entries.Where(row => row.TaskId == id).Select(row => row.Result);
}
