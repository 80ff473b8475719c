using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Files;

/// <summary>What is made below a workspace never makes the workspace: while that is moved away, nothing appears in its place.</summary>
public sealed class GuardedFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Makers => ["state", "run", "gate", "set aside", "months"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Makers))]
    public void Make_WorkspaceIsGone_SaysSoAndMakesNothing(string maker)
    {
        var paths = new WorkspacePaths(_folder.File("away"));

        var make = () => Make(maker, paths);

        make.Should().Throw<DirectoryNotFoundException>().WithMessage($"*{paths.Root} does not exist*");
        Directory.Exists(paths.Root).Should().BeFalse();
    }

    [Theory]
    [MemberData(nameof(Makers))]
    public void Make_WorkspaceIsThere_MakesAllFoldersOnTheWay(string maker)
    {
        Directory.CreateDirectory(_folder.File("here"));
        var paths = new WorkspacePaths(_folder.File("here"));

        Directory.Exists(Make(maker, paths)).Should().BeTrue();
        Make(maker, paths).Should().NotBeNull("what is there already is no fault");
    }

    [Fact]
    public void Create_FileOnTheWay_IsNamedAndKept()
    {
        File.WriteAllText(_folder.File(".loop"), "kept");

        var make = () => GuardedFolder.Create(_folder.File(".loop/runs"));

        make.Should().Throw<IOException>().WithMessage("*.loop*");
        File.ReadAllText(_folder.File(".loop")).Should().Be("kept");
    }

    private static string Make(string maker, WorkspacePaths paths)
    {
        switch (maker)
        {
            case "state":
                GuardedFolder.Create(paths.Locks);
                return paths.Locks;
            case "run":
                NewFolder.TryCreate(paths.Run("run-1"));
                return paths.Run("run-1");
            case "gate":
                NewFolder.TryCreate(Path.Combine(paths.Checks, "x"));
                return Path.Combine(paths.Checks, "x");
            case "set aside":
                GuardedFolder.Create(paths.SetAside);
                return paths.SetAside;
            default:
                GuardedFolder.CreateShared(paths.Root, paths.TimingMonths);
                return paths.TimingMonths;
        }
    }
}
