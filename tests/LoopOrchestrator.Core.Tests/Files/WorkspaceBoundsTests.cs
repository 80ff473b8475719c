using System.Diagnostics;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Storage.Sqlite.Indexes;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Files;

/// <summary>
/// A repository may hold links and special files; neither leads our writes to anything else of its user's, nor blocks us.
/// </summary>
public sealed class WorkspaceBoundsTests : IDisposable
{
    private readonly TemporaryFolder _workspace = new();
    private readonly TemporaryFolder _outside = new();
    private readonly WorkspacePaths _paths;

    public WorkspaceBoundsTests() => _paths = new WorkspacePaths(_workspace.FullPath);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Victim => Path.Combine(_outside.FullPath, "victim");

    public void Dispose()
    {
        _workspace.Dispose();
        _outside.Dispose();
    }

    [Fact]
    public async Task AppendMemory_FileIsALinkToTheOutside_IsRefused()
    {
        await File.WriteAllTextAsync(Victim, "mine", Token);
        File.CreateSymbolicLink(_paths.Memory, Victim);

        var append = async () =>
            await new MemoryStore(_paths, TimeProvider.System).AppendAsync(new MemoryAppend(MemorySection.Updates, "x"), Token);

        (await append.Should().ThrowAsync<UserErrorException>()).WithMessage("*outside the workspace*nothing was written*");
        (await File.ReadAllTextAsync(Victim, Token)).Should().Be("mine");
    }

    [Fact]
    public async Task LogTiming_FileIsALinkToTheOutside_IsRefused()
    {
        await File.WriteAllTextAsync(Victim, "mine", Token);
        File.CreateSymbolicLink(_paths.Timing, Victim);

        var start = async () => await SqliteIndexes.TimingLog(_paths, TimeProvider.System).StartAsync(new TimingStart("x", "code"), Token);

        await start.Should().ThrowAsync<UserErrorException>().WithMessage("*task_timing.tsv*link*");
        (await File.ReadAllTextAsync(Victim, Token)).Should().Be("mine");
    }

    [Theory]
    [InlineData("")]
    [InlineData("runs")]
    [InlineData("locks")]
    [InlineData("memory")]
    public void Ensure_StateLeadsOutside_IsRefused(string below)
    {
        var link = Path.Combine(_paths.State, below);
        if (below.Length > 0)
        {
            Directory.CreateDirectory(_paths.State);
        }

        Directory.CreateSymbolicLink(Path.TrimEndingDirectorySeparator(link), _outside.FullPath);

        FluentActions
            .Invoking(() => StateFolder.Ensure(_paths))
            .Should()
            .Throw<UserErrorException>()
            .WithMessage("*is a symbolic link to*no link is followed*");
        Directory.EnumerateFileSystemEntries(_outside.FullPath).Should().BeEmpty();
    }

    [Fact]
    public async Task AppendMemory_FileIsALinkInside_FollowsIt()
    {
        var inside = Path.Combine(_workspace.FullPath, "notes.md");
        File.CreateSymbolicLink(_paths.Memory, inside);

        await new MemoryStore(_paths, TimeProvider.System).AppendAsync(new MemoryAppend(MemorySection.Updates, "kept"), Token);

        (await File.ReadAllTextAsync(inside, Token)).Should().Contain("kept");
        new FileInfo(_paths.Memory).LinkTarget.Should().Be(inside);
    }

    [Fact]
    public async Task Files_ThatArePipes_AreRefusedAndDoNotBlock()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells them apart.");
        foreach (var file in (string[])[_paths.Memory, _paths.Timing])
        {
            using var made = Process.Start("mkfifo", [file]);
            await made.WaitForExitAsync(Token);
        }

        FluentActions.Invoking(() => DurableFile.ReadOrNull(_paths.Memory)).Should().Throw<IOException>().WithMessage("*pipe*");
        FluentActions.Invoking(() => DurableFile.Replace(_paths.Memory, "x"u8)).Should().Throw<IOException>().WithMessage("*pipe*");
        var start = async () => await SqliteIndexes.TimingLog(_paths, TimeProvider.System).StartAsync(new TimingStart("x", "code"), Token);
        (await start.Should().ThrowAsync<UserErrorException>()).WithMessage("*pipe*");
    }

    [Fact]
    public void Trust_OfALink_IsTheFoldersAndNotTheLinks()
    {
        var record = Path.Combine(_outside.FullPath, "record");
        var (first, second, link) = (
            Path.Combine(_workspace.FullPath, "a"),
            Path.Combine(_workspace.FullPath, "b"),
            Path.Combine(_workspace.FullPath, "link")
        );
        Directory.CreateDirectory(first);
        Directory.CreateDirectory(second);
        Directory.CreateSymbolicLink(link, first);
        var byLink = new WorkspaceTrust(link, givenBy: null, record);
        byLink.Record();

        new WorkspaceTrust(first, givenBy: null, record).IsTrusted.Should().BeTrue();
        Directory.Delete(link);
        Directory.CreateSymbolicLink(link, second);
        byLink.IsTrusted.Should().BeFalse("nobody has said so of the folder that it leads to now");
        new WorkspaceTrust(first, givenBy: null, record).Revoke().Should().BeTrue();
        new WorkspaceTrust(first, givenBy: null, record).Revoke().Should().BeFalse();
    }

    [Fact]
    public void RealPath_OfACircle_IsAnError()
    {
        var (one, two) = (Path.Combine(_workspace.FullPath, "one"), Path.Combine(_workspace.FullPath, "two"));
        File.CreateSymbolicLink(one, two);
        File.CreateSymbolicLink(two, one);

        FluentActions
            .Invoking(() => RealPath.Of(Path.Combine(one, "file")))
            .Should()
            .Throw<IOException>()
            .WithMessage("*too many symbolic links*");
    }

    [Fact]
    public async Task ChangeAsync_AfterAKill_RemovesWhatItLeftBeside()
    {
        var leftover = Path.Combine(_workspace.FullPath, ".persistent-memory.md.1-2.tmp");
        await File.WriteAllTextAsync(leftover, "half", Token);

        await new MemoryStore(_paths, TimeProvider.System).AppendAsync(new MemoryAppend(MemorySection.Updates, "x"), Token);

        File.Exists(leftover).Should().BeFalse();
    }
}
