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
