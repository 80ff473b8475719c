using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Moving;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Storage.Sqlite.Indexes;
using LoopOrchestrator.Core.Tests.Storage.Sqlite;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Workspaces;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Core.Tests.Moving;

/// <summary>What an archive may hold, and what becomes of files that are in use.</summary>
public sealed class WorkspaceMoveTests : IDisposable
{
    private const string Manifest = """{"format":1,"workspace":"/there","exported_at":"2026-01-31T12:00:00+00:00"}""";

    private readonly TemporaryWorkspace _workspace = new();
    private readonly TemporaryFolder _elsewhere = new();
    private readonly FakeTimeProvider _time = new();
    private readonly IStorage _storage;
    private readonly WorkspaceMove _move;
    private int _rings;

    public WorkspaceMoveTests()
    {
        _storage = new SqliteBackend().Open(_workspace.Paths, _time);
        _move = new WorkspaceMove(_workspace.Paths, _storage.Transfer, _time, () => _rings++);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string File => _elsewhere.File("loop.tar.gz");

    public void Dispose()
    {
        _storage.Dispose();
        _workspace.Dispose();
        _elsewhere.Dispose();
    }

    [Theory]
    [InlineData("files/../outside.txt")]
    [InlineData("files/.git/hooks/post-checkout")]
    [InlineData("files/src/program.cs")]
    [InlineData("files/timing/other.tsv")]
    [InlineData("state/runs/../../schedules.json")]
    [InlineData("state/session-key")]
    [InlineData("state/checkpoints/own/x")]
    [InlineData("state/runs/a\\..\\b")]
    [InlineData("/etc/passwd")]
    [InlineData("loop-workspace.json")]
    public async Task Read_NameThatBelongsNowhere_IsRefusedAndWritesNothing(string name)
    {
        Pack((ExportManifest.Name, Manifest), ("files/TODO.md", "- [ ] x\n"), (name, "bad"));
        var before = _workspace.Snapshot();

        await RefusedAsync("*does not belong into an export*");

        _workspace.Snapshot().Should().Equal(before);
    }

    [Fact]
    public async Task Read_LinkInTheArchive_IsRefused()
    {
        PackWith(archive =>
        {
            Write(archive, ExportManifest.Name, Manifest);
            archive.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "files/TODO.md") { LinkName = "/etc/passwd" });
        });

        await RefusedAsync("*files/TODO.md is no file*");
    }

    [Theory]
    [InlineData("""{"format":2,"workspace":"/there","exported_at":"2026-01-31T12:00:00+00:00"}""", "*newer version*")]
    [InlineData("""{"workspace":"/there"}""", "*says no format*")]
    [InlineData("no json", "*cannot be read as an export*")]
    public async Task Read_ManifestOfAnotherKind_IsRefused(string manifest, string message)
    {
        Pack((ExportManifest.Name, manifest), ("files/TODO.md", "- [ ] x\n"));

        await RefusedAsync(message);
    }

    [Fact]
    public async Task Read_WithoutAManifest_IsRefused()
    {
        Pack(("files/TODO.md", "- [ ] x\n"));

        await RefusedAsync("*does not begin with loop-workspace.json*");
    }

    [Fact]
    public async Task Read_FileThatIsThereTwice_IsRefused()
    {
        Pack((ExportManifest.Name, Manifest), ("files/TODO.md", "a"), ("files/TODO.md", "b"));

        await RefusedAsync("*is there twice*");
    }

    [Fact]
    public async Task Read_ArchiveThatIsCut_IsRefused()
    {
        Pack((ExportManifest.Name, Manifest), ("files/TODO.md", new string('x', 100_000)));
        var whole = await System.IO.File.ReadAllBytesAsync(File, Token);
        await System.IO.File.WriteAllBytesAsync(File, whole[..^40], Token);

        await RefusedAsync("*cannot be read as an export*");
    }

    [Fact]
    public async Task Import_EveryKindOfFile_IsWhereItBelongsAndServersAreTold()
    {
        Pack(
            (ExportManifest.Name, Manifest),
            ("state/runs/run-a/output.log", "done\n"),
            ("state/memory/2026.md", "old\n"),
            ("files/timing/task_timing-2026-01.tsv", "rows\n"),
            ("files/.roo/schedules.json", "{}")
        );
        using var plan = await _move.ReadAsync(File, Token);

        plan.Replaces.Should().BeFalse();
        await _move.ImportAsync(plan, Token);

        _workspace.Read(".loop/runs/run-a/output.log").Should().Be("done\n");
        _workspace.Read(".loop/memory/2026.md").Should().Be("old\n");
        _workspace.Read("timing/task_timing-2026-01.tsv").Should().Be("rows\n");
        _workspace.Read(".roo/schedules.json").Should().Be("{}");
        _rings.Should().Be(1);
    }

    [Fact]
    public async Task Read_WhereALinkLeadsOutside_IsRefusedBeforeAnythingIsChanged()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a right there.");
        Directory.CreateSymbolicLink(Path.Combine(_workspace.Root, "timing"), _elsewhere.FullPath);
        Pack((ExportManifest.Name, Manifest), ("files/timing/task_timing-2026-01.tsv", "rows\n"));

        await RefusedAsync("*outside the workspace*nothing was written*");

        System.IO.File.Exists(_elsewhere.File("task_timing-2026-01.tsv")).Should().BeFalse();
    }

    [Fact]
    public async Task Import_WhereALinkLeadsOutsideMeanwhile_WritesNothingThere()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a right there.");
        Pack((ExportManifest.Name, Manifest), ("files/timing/task_timing-2026-01.tsv", "rows\n"));
        using var plan = await _move.ReadAsync(File, Token);
        Directory.CreateSymbolicLink(Path.Combine(_workspace.Root, "timing"), _elsewhere.FullPath);

        await FluentActions
            .Awaiting(() => _move.ImportAsync(plan, Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*outside*");

        System.IO.File.Exists(_elsewhere.File("task_timing-2026-01.tsv")).Should().BeFalse();
    }

    [Fact]
    public async Task Import_ThroughALinkOfItsUser_ReplacesWhatItLeadsToAndKeepsTheLink()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a right there.");
        var plans = _workspace.Write("notes/plan.md", "- [ ] Here\n");
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(plans, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        }

        _workspace.Write("hours/task_timing-2026-01.tsv", "rows\n");
        System.IO.File.CreateSymbolicLink(Path.Combine(_workspace.Root, "TODO.md"), Path.Combine("notes", "plan.md"));
        Directory.CreateSymbolicLink(Path.Combine(_workspace.Root, "timing"), "hours");
        Pack(
            (ExportManifest.Name, Manifest),
            ("files/TODO.md", "- [ ] There\n"),
            ("files/timing/task_timing-2026-01.tsv", "rows\n"),
            ("files/timing/task_timing-2026-02.tsv", "more\n")
        );
        using var plan = await _move.ReadAsync(File, Token);
        plan.ReplacedFiles.Should().Equal("TODO.md");

        await _move.ImportAsync(plan, Token);

        new FileInfo(Path.Combine(_workspace.Root, "TODO.md")).LinkTarget.Should().Be(Path.Combine("notes", "plan.md"));
        new DirectoryInfo(Path.Combine(_workspace.Root, "timing")).LinkTarget.Should().Be("hours");
        _workspace.Read("notes/plan.md").Should().Be("- [ ] There\n");
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.GetUnixFileMode(plans).Should().HaveFlag(UnixFileMode.GroupRead, "who may read it is its user's to say");
        }

        _workspace.Read("hours/task_timing-2026-02.tsv").Should().Be("more\n");
        SetAside().Should().Equal("- [ ] Here\n");
    }

    [Fact]
    public async Task Import_OfWhatCannotBeKept_LeavesItInItsPlace()
    {
        _workspace.Write("TODO.md", "- [ ] Here\n");
        _workspace.Write(".loop/set-aside", "no folder");
        Pack((ExportManifest.Name, Manifest), ("files/TODO.md", "- [ ] There\n"));
        using var plan = await _move.ReadAsync(File, Token);

        await FluentActions
            .Awaiting(() => _move.ImportAsync(plan, Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*import once more*");

        _workspace.Read("TODO.md").Should().Be("- [ ] Here\n");
        Directory.EnumerateFiles(_workspace.Root, "*", SearchOption.TopDirectoryOnly).Should().ContainSingle("nothing half is left");
    }

    [Fact]
    public async Task Import_OverTheArchiveOfTheMemory_WantsToBeToldAndKeepsIt()
    {
        _workspace.Write(".loop/memory/archive-2026-01.md", "here\n");
        _workspace.Write(".loop/memory/archive-2026-02.md", "only here\n");
        _workspace.Write(".loop/runs/run-a/output.log", "longer here\n");
        Pack((ExportManifest.Name, Manifest), ("state/memory/archive-2026-01.md", "there\n"), ("state/runs/run-a/output.log", "there\n"));
        using var plan = await _move.ReadAsync(File, Token);
        var old = SpecialFile.Identity(_workspace.Paths.MemoryArchive + "/archive-2026-01.md");

        plan.Replaces.Should().BeTrue();
        plan.ReplacedFiles.Should().Equal(".loop/memory/archive-2026-01.md", ".loop/runs/run-a/output.log");
        await _move.ImportAsync(plan, Token);

        _workspace.Read(".loop/memory/archive-2026-01.md").Should().Be("there\n");
        _workspace.Read(".loop/memory/archive-2026-02.md").Should().Be("only here\n", "what the export has not stays");
        SetAside().Should().BeEquivalentTo("here\n", "longer here\n");
        var kept = Directory.GetFiles(Path.Combine(_workspace.Root, ".loop", "set-aside")).Select(SpecialFile.Identity).ToList();
        (OperatingSystem.IsLinux() && kept.Contains(old)).Should().BeFalse("it was copied: at no moment was there no file");
    }

    [Fact]
    public async Task Import_OfAFileThatNobodyMayRead_IsForItsUserToReadAndWrite()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such permissions there.");
        PackWith(archive =>
        {
            Write(archive, ExportManifest.Name, Manifest);
            archive.WriteEntry(
                new PaxTarEntry(TarEntryType.RegularFile, "files/TODO.md")
                {
                    DataStream = new MemoryStream("x"u8.ToArray()),
                    Mode = UnixFileMode.SetUser | UnixFileMode.UserExecute | UnixFileMode.OtherRead,
                }
            );
        });
        using var plan = await _move.ReadAsync(File, Token);

        await _move.ImportAsync(plan, Token);

        if (!OperatingSystem.IsWindows())
        {
            var mode = System.IO.File.GetUnixFileMode(Path.Combine(_workspace.Root, "TODO.md"));
            (mode & UnixFileMode.SetUser).Should().Be(UnixFileMode.None);
        }

        _workspace.Read("TODO.md").Should().Be("x");
    }

    [Fact]
    public async Task Export_OfAFileThatGrowsMeanwhile_HoldsItsBeginning()
    {
        var log = _workspace.Write(".loop/runs/run-a/output.log", new string('a', 10_000));
        await using var writer = new FileStream(log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        using var file = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        await using var beginning = new BeginningStream(file, file.Length);
        await writer.WriteAsync("more"u8.ToArray(), Token);
        await writer.FlushAsync(Token);

        using var read = new MemoryStream();
        await beginning.CopyToAsync(read, Token);

        read.Length.Should().Be(10_000);
        beginning.Position.Should().Be(10_000);
    }

    [Fact]
    public async Task Export_BesideAPartOfSomebodyElse_LeavesIt()
    {
        _workspace.Write("TODO.md", "- [ ] x\n");
        await System.IO.File.WriteAllTextAsync(File + ".part", "mine", Token);

        await _move.ExportAsync(File, Token);

        (await System.IO.File.ReadAllTextAsync(File + ".part", Token)).Should().Be("mine");
        Directory.EnumerateFiles(_elsewhere.FullPath).Should().BeEquivalentTo(File, File + ".part");
    }

    [Fact]
    public async Task Export_WhileRowsAreAppended_HoldsWholeRowsInTheirOrder()
    {
        using var log = SqliteIndexes.TimingLog(_workspace.Paths, _time);
        await RecordAsync(log, 0);
        var written = 1;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var writer = Task.Run(
            async () =>
            {
                for (; !stop.IsCancellationRequested; written++)
                {
                    await RecordAsync(log, written);
                }
            },
            Token
        );

        for (var export = 0; export < 5; export++)
        {
            var file = _elsewhere.File($"{export}.tar.gz");
            var least = Volatile.Read(ref written);
            await _move.ExportAsync(file, Token);
            var rows = Unpacked(file, "files/task_timing.tsv");

            rows.Should().EndWith("\n");
            var ids = rows.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(static row => row.Split('\t')[2]).ToList();
            ids.Should().Equal(Enumerable.Range(0, ids.Count).Select(static number => $"row-{number}"));
            ids.Count.Should().BeGreaterThanOrEqualTo(least, "what was acknowledged before it began is in it");
        }

        await stop.CancelAsync();
        await writer;
    }

    [Fact]
    public async Task Export_OfFilesAlone_IsForItsUserAndComesBackAsItWas()
    {
        _workspace.Write("TODO.md", "- [ ] x\n");
        _workspace.Write("task_timing.tsv", "rows\n");
        _workspace.Write("src/secret.txt", "not ours\n");

        var exported = await _move.ExportAsync(File, Token);

        exported.Files.Should().Be(2);
        exported.State.Should().BeNull("nothing is recorded yet");
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.GetUnixFileMode(File).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        using var plan = await _move.ReadAsync(File, Token);
        (plan.Workspace, plan.Files, plan.Replaces).Should().Be((_workspace.Root, 2, false));
    }

    [Fact]
    public async Task Export_ThatCannotBeWritten_LeavesNothing()
    {
        _workspace.Write("TODO.md", "- [ ] x\n");

        await FluentActions
            .Awaiting(() => _move.ExportAsync(_elsewhere.File("missing/loop.tar.gz"), Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("The export could not be written*there is none*");

        Directory.EnumerateFileSystemEntries(_elsewhere.FullPath).Should().BeEmpty();
    }

    private IEnumerable<string> SetAside() =>
        Directory.EnumerateFiles(Path.Combine(_workspace.Root, ".loop", "set-aside")).Select(System.IO.File.ReadAllText);

    private async Task RecordAsync(TimingLog log, int number) =>
        await log.RecordAsync(new TimingRecord("Packing", "code", _time.GetUtcNow(), _time.GetUtcNow(), $"row-{number}"), Token);

    private static string Unpacked(string file, string name)
    {
        using var packed = new GZipStream(System.IO.File.OpenRead(file), CompressionMode.Decompress);
        using var archive = new TarReader(packed);
        while (archive.GetNextEntry() is { } entry)
        {
            if (entry.Name == name)
            {
                using var text = new StreamReader(entry.DataStream!);
                return text.ReadToEnd();
            }
        }

        return "";
    }

    private async Task RefusedAsync(string message) =>
        (await FluentActions.Awaiting(() => _move.ReadAsync(File, Token)).Should().ThrowAsync<UserErrorException>()).WithMessage(message);

    private void Pack(params (string Name, string Content)[] files) =>
        PackWith(archive =>
        {
            foreach (var (name, content) in files)
            {
                Write(archive, name, content);
            }
        });

    private void PackWith(Action<TarWriter> write)
    {
        using var packed = new GZipStream(System.IO.File.Create(File), CompressionLevel.Fastest);
        using var archive = new TarWriter(packed);
        write(archive);
    }

    private static void Write(TarWriter archive, string name, string content) =>
        archive.WriteEntry(
            new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) }
        );
}
