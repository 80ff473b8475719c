using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Tests.Files;

public sealed class WorkspacePathsTests
{
    [Fact]
    public void Display_PathInside_IsRelative() =>
        new WorkspacePaths("/a/b").Display("/a/b/.roo/schedules.json").Should().Be(".roo/schedules.json");

    [Fact]
    public void StateNames_EveryPathBelowTheState_HasItsNameAmongThem()
    {
        var paths = new WorkspacePaths("/a/b");
        var names = typeof(WorkspacePaths)
            .GetProperties()
            .Select(property => Path.GetRelativePath(paths.State, (string)property.GetValue(paths)!).Split(Path.DirectorySeparatorChar)[0])
            .Where(static name => name is not ("." or ".."))
            .ToList();

        names.Should().HaveCountGreaterThan(8);
        names.Should().OnlyContain(static name => WorkspacePaths.IsStateName(name), "a step fails that leaves other names there");
        WorkspacePaths.IsStateName("something else").Should().BeFalse();
    }
}
