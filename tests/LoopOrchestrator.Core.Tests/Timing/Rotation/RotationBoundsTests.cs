using LoopOrchestrator.Core.Checkpoints;
using LoopOrchestrator.Core.Commits.Roles;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Storage.Sqlite.Indexes;
using LoopOrchestrator.Core.Tests.Commits;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Timing.Months;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rotation;
using LoopOrchestrator.Testing;
using static LoopOrchestrator.Core.Tests.Timing.Rotation.RotationSample;

namespace LoopOrchestrator.Core.Tests.Timing.Rotation;

/// <summary>Where a time log is not rotated, and whose files are left alone.</summary>
public sealed class RotationBoundsTests : IDisposable
{
    private static readonly string Log = Header + Pair("a", "2026-01-05") + Pair("d", "2026-03-05");

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private WorkspacePaths Paths => _folder.Paths;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, null, false)]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, null, true)]
    [InlineData(false, false, false)]
    public async Task Rotate_InARepository_GoesByWhetherGitTracksTheLog(bool isTracked, bool? rotate, bool isRotated)
    {
        using var git = new TestRepository("project");
        git.Write("project/task_timing.tsv", Log);
        if (isTracked)
        {
            git.Git("add", "project/task_timing.tsv");
        }

        var paths = new WorkspacePaths(git.Workspace);
        var result = await Rotator(paths, rotate).RotateAsync(Token);

        result.Months.Should().HaveCount(isRotated ? 1 : 0);
        Read(paths.Timing).Should().Be(isRotated ? Header + Pair("d", "2026-03-05") : Log);
        result.WhyNot.Should().Match(isRotated ? why => why == null : why => why!.Contains("timing"));
        (await Rotator(paths, rotate).PlanAsync(Token)).Months.Should().BeEmpty();
    }

    [Fact]
    public async Task Rotate_GitTracksAMonth_AddsNothingToIt()
    {
        using var git = new TestRepository();
        git.Write("task_timing.tsv", Log);
        git.Write("timing/task_timing-2026-01.tsv", Header);
        git.Git("add", "timing");

        var result = await Rotator(new WorkspacePaths(git.Workspace)).RotateAsync(Token);

        result
            .Should()
            .BeEquivalentTo(new TimingRotated([], "timing/task_timing-2026-01.tsv is tracked by git, so nothing is added to it."));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task Rotate_GitMayNotBeAsked_StaysAsItIs(bool trusted, int months)
    {
        using var git = new TestRepository();
        git.Write("task_timing.tsv", Log);
        git.Git("config", "filter.x.process", "a-program");

        var result = await Rotator(new WorkspacePaths(git.Workspace), trusted: trusted).RotateAsync(Token);

        result.Months.Should().HaveCount(months);
        result.WhyNot.Should().Match(trusted ? why => why == null : why => why!.Contains("Git cannot tell"));
    }

    [Fact]
    public async Task Rotate_NoRealRepository_StaysAsItIs()
    {
        File.WriteAllText(Paths.Timing, Log);
        File.WriteAllText(_folder.File(".git"), "gitdir: /nowhere\n");

        (await Rotator(Paths).RotateAsync(Token)).WhyNot.Should().Contain("Git cannot tell");
    }

    [Fact]
    public async Task Plan_MonthsThatAreOver_SaysWhatWouldMoveAndChangesNothing()
    {
        File.WriteAllText(Paths.Timing, Log);

        (await Rotator(Paths).PlanAsync(Token))
            .Months.Should()
            .Equal(new MovedMonth("timing/task_timing-2026-01.tsv", 2, Pair("a", "2026-01-05").Length));

        Directory.GetFileSystemEntries(Paths.Root).Should().Equal(Paths.Timing);
    }

    [Fact]
    public async Task Rotate_OtherFilesInTheFolder_AreLeftAloneAndNotRead()
    {
        File.WriteAllText(Paths.Timing, Log);
        Directory.CreateDirectory(Paths.TimingMonths);
        string[] others =
        [
            "task_timing-2026-13.tsv",
            "task_timing-2026-1.tsv",
            "task_timing-2026-02.tsv.bak",
            "Task_timing-2026-02.tsv",
            "notes.tsv",
        ];
        Array.ForEach(others, name => File.WriteAllText(Path.Combine(Paths.TimingMonths, name), Header + Pair(name, "2026-01-05")));

        await Rotator(Paths).RotateAsync(Token);

        TimingLogReader.Read(Paths).Entries.Select(static entry => entry.TaskId).Distinct(StringComparer.Ordinal).Should().Equal("a", "d");
        Directory.GetFiles(Paths.TimingMonths).Should().HaveCount(others.Length + 1);
    }

    [Fact]
    public async Task Rotate_FolderLeadsElsewhere_IsRefusedAndTold()
    {
        using var elsewhere = new TemporaryFolder();
        File.WriteAllText(Paths.Timing, Log);
        File.WriteAllText(elsewhere.File("task_timing-2026-01.tsv"), Header + Pair("foreign", "2026-01-05"));
        Directory.CreateSymbolicLink(Paths.TimingMonths, elsewhere.FullPath);

        await Rotator(Paths)
            .Awaiting(static one => one.RotateAsync(Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*outside the workspace*");

        Read(Paths.Timing).Should().Be(Log);
        var reading = TimingLogReader.Read(Paths);
        reading.Entries.Should().HaveCount(4);
        reading
            .Diagnostics.Should()
            .ContainSingle()
            .Which.Should()
            .Match<Diagnostic>(static diagnostic => diagnostic.File == "timing" && diagnostic.Severity == DiagnosticSeverity.Error);
    }

    [Fact]
    public async Task Rotate_FolderIsALinkWithinTheWorkspace_IsFollowed()
    {
        File.WriteAllText(Paths.Timing, Log);
        Directory.CreateDirectory(_folder.File("months"));
        Directory.CreateSymbolicLink(Paths.TimingMonths, "months");
        var before = Said(Paths);

        await Rotator(Paths).RotateAsync(Token);

        File.Exists(_folder.File("months/task_timing-2026-01.tsv")).Should().BeTrue();
        Said(Paths).Should().Be(before);
    }

    [Fact]
    public async Task Rotate_MonthCannotBeReadOrWritten_IsToldAndNothingFails()
    {
        File.WriteAllText(Paths.Timing, Log);
        Directory.CreateDirectory(Path.Combine(Paths.TimingMonths, "task_timing-2026-01.tsv"));
        using var elsewhere = new TemporaryFolder();
        File.WriteAllText(elsewhere.File("x"), Header);
        File.CreateSymbolicLink(Month(Paths, "2025-12"), elsewhere.File("x"));

        await Rotator(Paths)
            .Awaiting(static one => one.RotateAsync(Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*every row is where it was*");

        Read(Paths.Timing).Should().Be(Log);
        using var log = SqliteIndexes.TimingLog(Paths, new StillTime(Now));
        var summary = log.Summarize();
        summary.Report.Total.Count.Should().Be(2);
        summary.Diagnostics.Should().ContainSingle().Which.File.Should().Be("timing/task_timing-2025-12.tsv");
        await log.StartAsync(new TimingStart("goes on", "code"), Token);
    }

    [Fact]
    public async Task Read_AMonthIsGone_IsToldAndNothingFails()
    {
        File.WriteAllText(Paths.Timing, Log);
        await Rotator(Paths).RotateAsync(Token);
        TimingLogReader.Read(Paths).Diagnostics.Should().BeEmpty();
        File.Move(Month(Paths, "2026-01"), _folder.File("elsewhere"));

        var reading = TimingLogReader.Read(Paths);

        reading.Entries.Should().HaveCount(2);
        reading
            .Diagnostics.Should()
            .ContainSingle()
            .Which.Should()
            .Match<Diagnostic>(static diagnostic =>
                diagnostic.File == "timing/task_timing-2026-01.tsv" && diagnostic.Message.Contains("missing")
            );
        using var log = SqliteIndexes.TimingLog(Paths, new StillTime(Now));
        await log.StartAsync(new TimingStart("goes on", "code"), Token);
    }

    [Fact]
    public async Task Rotate_NewFiles_AreForNobodyWhoMayNotReadTheLog()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Uses file modes.");
            return;
        }

        File.WriteAllText(Paths.Timing, Log);
        File.SetUnixFileMode(Paths.Timing, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        await Rotator(Paths).RotateAsync(Token);

        foreach (var file in (string[])[Paths.Timing, Month(Paths, "2026-01")])
        {
            File.GetUnixFileMode(file).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task Rotate_LogInUtf16_StaysAsItIs()
    {
        File.WriteAllText(Paths.Timing, Log, System.Text.Encoding.Unicode);

        (await Rotator(Paths).RotateAsync(Token)).WhyNot.Should().Contain("UTF-16");
    }

    [Fact]
    public async Task Prune_MonthsThatAreOver_MoveByThemselvesAndAreNobodysActivity()
    {
        using var test = new TestWorkspace();
        File.WriteAllText(test.Paths.Timing, Log);
        File.SetLastWriteTimeUtc(test.Paths.Timing, DateTime.UnixEpoch);
        var moment = DateTimeOffset.UnixEpoch.AddDays(1);

        await test.Workspace.Retention.PruneAsync(Token);

        File.Exists(Month(test.Paths, "2026-01")).Should().BeTrue();
        WorkspaceActivity.Since(test.Paths, moment).Should().BeFalse();
        File.WriteAllText(Path.Combine(test.Paths.TimingMonths, "notes.txt"), "");
        WorkspaceActivity.Since(test.Paths, moment).Should().BeTrue();
    }

    [Fact]
    public void Months_InTheFolder_CountAsOurOwnFiles()
    {
        OwnFiles.IsWritten("timing/task_timing-2026-01.tsv").Should().BeTrue();
        OwnFiles.IsWritten("timing/task_timing.tsv").Should().BeFalse();
        FileRoles.Of("timing/task_timing-2026-01.tsv").Should().Be(FileRole.Live);
        FileRoles.Of("timing/clock.py").Should().Be(FileRole.Code);
    }

    [Theory]
    [InlineData("{}", null, 0)]
    [InlineData("""{"timing":{}}""", null, 0)]
    [InlineData("""{"timing":{"rotate":true}}""", true, 0)]
    [InlineData("""{"timing":{"rotate":false}}""", false, 0)]
    [InlineData("""{"timing":{"rotate":"yes"}}""", null, 1)]
    [InlineData("""{"timing":{"rotat":true}}""", null, 1)]
    [InlineData("""{"timing":false}""", null, 1)]
    public void Read_Configuration_HasTheSettingOrTellsItsPlace(string json, bool? rotate, int findings)
    {
        var (configuration, found) = ConfigurationReader.Read(System.Text.Encoding.UTF8.GetBytes(json), "mcp_startup.json");

        configuration.Timing.Rotate.Should().Be(rotate);
        found
            .Select(static diagnostic => (diagnostic.Line, HasColumn: diagnostic.Column > 1))
            .Should()
            .Equal(Enumerable.Repeat(((int?)1, true), findings));
    }
}
