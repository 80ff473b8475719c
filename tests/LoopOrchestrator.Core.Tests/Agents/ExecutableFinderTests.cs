using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Agents;

public sealed class ExecutableFinderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_NameOnThePath_IsFullyQualified()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sh is no program of Windows");

        var (path, looked) = ExecutableFinder.Find("sh", _folder.FullPath);

        path.Should().NotBeNull();
        Path.IsPathFullyQualified(path!).Should().BeTrue();
        looked.Should().Contain(path);
    }

    [Fact]
    public void Find_NameOfNoProgram_TellsWhereItLooked()
    {
        Write("no-such-program-anywhere", executable: true);

        var (path, looked) = ExecutableFinder.Find("no-such-program-anywhere", _folder.FullPath);

        path.Should().BeNull("the folder itself is not on the path");
        looked.Should().NotBeEmpty().And.OnlyContain(place => Path.GetFileName(place) == "no-such-program-anywhere");
    }

    /// <summary>A service may be started with no environment at all; execvp(3) finds its programs all the same.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(null)]
    public void Find_EmptyPath_LooksThroughTheSystemsDefault(string? searchPath)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sh is no program of Windows");

        ExecutableFinder.Find("sh", _folder.FullPath, searchPath).Path.Should().EndWith("/bin/sh");
        ExecutableFinder
            .Find("no-such-program-anywhere", _folder.FullPath, searchPath)
            .Places.Should()
            .Contain("/usr/bin/no-such-program-anywhere")
            .And.Contain("PATH is empty");
    }

    [Fact]
    public void Find_PathOfRelativeFoldersOnly_SaysSo() =>
        ExecutableFinder
            .Find("sh", _folder.FullPath, "bin:node_modules/.bin")
            .Places.Should()
            .Be("no folder at all; PATH ('bin:node_modules/.bin') names no absolute folder");

    [Fact]
    public void Find_RelativePath_CountsFromTheFolder()
    {
        Directory.CreateDirectory(_folder.File("tools"));
        Write("tools/check.exe", executable: true);

        ExecutableFinder
            .Find("tools/../tools/check.exe", _folder.FullPath)
            .Path.Should()
            .Be(_folder.File(Path.Combine("tools", "check.exe")));
    }

    [Fact]
    public void Find_FileThatMayNotBeExecuted_IsNotFound()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such permission");
        Write("script", executable: false);

        ExecutableFinder.Find("./script", _folder.FullPath).Path.Should().BeNull();
        Write("script", executable: true);
        ExecutableFinder.Find("./script", _folder.FullPath).Path.Should().Be(_folder.File("script"));
    }

    [Fact]
    public void Find_Folder_IsNoProgram()
    {
        Directory.CreateDirectory(_folder.File("tool"));

        ExecutableFinder.Find("./tool", _folder.FullPath).Path.Should().BeNull();
    }

    private void Write(string name, bool executable)
    {
        File.WriteAllText(_folder.File(name), "#!/bin/sh\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(
                _folder.File(name),
                UnixFileMode.UserRead | UnixFileMode.UserWrite | (executable ? UnixFileMode.UserExecute : UnixFileMode.None)
            );
        }
    }
}
