using LoopOrchestrator.Core.Git;
using LoopOrchestrator.Core.Tests.Commits;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Git;

/// <summary>Which git is executed where PATH leads into the workspace first.</summary>
public sealed class GitProgramTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ws/bin", "the workspace")]
    [InlineData("ws/node_modules/.bin", "a folder of packages in it")]
    [InlineData("ws/link-out", "a link in it that leads out")]
    [InlineData("link-in", "a link beside it that leads in")]
    public void Find_GitInTheWorkspace_IsPassedOver(string first, string where)
    {
        Put("ws/bin", "ws/node_modules/.bin", "real");
        Link("ws/link-out", "real");
        Link("link-in", "ws/bin");

        Find("ws", first, "real").Should().Be(At("real/git"), "{0} is not where git is taken from", where);
    }

    [Fact]
    public void Find_ProgramOutsideThatIsALinkIntoTheWorkspace_IsPassedOver()
    {
        Put("ws/bin", "real");
        Directory.CreateDirectory(At("linked"));
        File.CreateSymbolicLink(At("linked/git"), At("ws/bin/git"));

        Find("ws", "linked", "real").Should().Be(At("real/git"));
    }

    [Theory]
    [InlineData(".git/HEAD", "packages/one")]
    [InlineData(".git/HEAD", "packages/one/within")]
    public void Find_GitInTheRepositoryAroundTheWorkspace_IsPassedOver(string repository, string workspace)
    {
        // The innermost is a submodule: its .git is a file, and the repository goes on above it.
        Put("ws/bin", "real");
        Write($"ws/{repository}", "");
        Directory.CreateDirectory(At($"ws/{workspace}"));
        Write("ws/packages/one/within/.git", "gitdir: ../../../.git/modules/within\n");

        Find($"ws/{workspace}", "ws/bin", "real").Should().Be(At("real/git"));
    }

    [Fact]
    public void Find_OnlyGitInTheWorkspace_IsNone()
    {
        Put("ws/bin");

        Find("ws", "ws/bin").Should().BeNull();
    }

    [Fact]
    public void SearchPath_ForWhatGitStarts_LeadsNowhereInside()
    {
        Put("ws/bin", "real");

        var searchPath = string.Join(Path.PathSeparator, At("ws/bin"), ".", "bin", At("real"));
        GitProgram.Find(At("ws"), searchPath)!.SearchPath.Should().Be(At("real"));
    }

    private string? Find(string workspace, params string[] searchPath) =>
        GitProgram.Find(At(workspace), string.Join(Path.PathSeparator, searchPath.Select(At)))?.Path;

    private string At(string name) => _folder.File(name);

    private void Put(params string[] folders)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Uses file modes and links.");
        foreach (var folder in folders)
        {
            Write(folder + "/git", "#!/bin/sh\n");
            TestRepository.MakeExecutable(At(folder + "/git"));
        }
    }

    private void Link(string name, string target) => Directory.CreateSymbolicLink(At(name), At(target));

    private void Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), content);
    }
}
