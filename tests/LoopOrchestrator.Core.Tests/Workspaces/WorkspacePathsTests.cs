namespace LoopOrchestrator.Core.Tests.Workspaces;

public sealed class WorkspacePathsTests
{
    [Fact]
    public void Display_PathInside_IsRelative() =>
        new Core.Workspaces.WorkspacePaths("/a/b").Display("/a/b/.roo/schedules.json").Should().Be(".roo/schedules.json");
}
