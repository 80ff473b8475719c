using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Files;

public sealed class WorkspaceActivityTests : IDisposable
{
    private static readonly DateTimeOffset Moment = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.txt", 1, true)]
    [InlineData("deep/er/.hidden", 1, true)]
    [InlineData("TODO.md", 1, true)]
    [InlineData("sub/task_timing.tsv", 1, true)]
    [InlineData("a.txt", 0, false)]
    [InlineData("a.txt", -1, false)]
    [InlineData("task_timing.tsv", 1, false)]
    [InlineData("persistent-memory.md", 1, false)]
    [InlineData(".loop/state.db", 1, false)]
    [InlineData("sub/.git/index", 1, false)]
    [InlineData("sub/node_modules/x", 1, false)]
    [InlineData("bin/x", 1, false)]
    public void Since_OneFile_CountsOrDoesNot(string file, int seconds, bool counts)
    {
        Write("old", -100);
        Write(file, seconds);

        WorkspaceActivity.Since(_folder.Paths, Moment).Should().Be(counts);
    }

    [Fact]
    public void Since_LinkToAFolderElsewhere_IsNotFollowed()
    {
        Write("outside/new", 1);
        var workspace = Directory.CreateDirectory(_folder.File("workspace")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(workspace, "link"), _folder.File("outside"));

        WorkspaceActivity.Since(new WorkspacePaths(workspace), Moment).Should().BeFalse();
    }

    [Fact]
    public void Since_NoSuchFolder_IsNoActivity() =>
        WorkspaceActivity.Since(new WorkspacePaths(_folder.File("gone")), Moment).Should().BeFalse();

    private void Write(string file, int seconds)
    {
        var path = _folder.File(file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "x");
        File.SetLastWriteTimeUtc(path, Moment.UtcDateTime.AddSeconds(seconds));
    }
}
