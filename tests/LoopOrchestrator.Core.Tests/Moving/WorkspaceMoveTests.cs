using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Moving;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Tests.Storage.Sqlite;
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
    public async Task Import_WhereALinkLeadsOutside_WritesNothingThere()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a right there.");
        Directory.CreateSymbolicLink(Path.Combine(_workspace.Root, "timing"), _elsewhere.FullPath);
        Pack((ExportManifest.Name, Manifest), ("files/timing/task_timing-2026-01.tsv", "rows\n"));
        using var plan = await _move.ReadAsync(File, Token);

        await FluentActions
            .Awaiting(() => _move.ImportAsync(plan, Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*outside*");

        System.IO.File.Exists(_elsewhere.File("task_timing-2026-01.tsv")).Should().BeFalse();
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
