using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Testing.Workspaces;

namespace LoopOrchestrator.Core.Tests.Files;

public sealed class WorkspaceAccessTests : IDisposable
{
    private readonly TemporaryWorkspace _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FindProblem_OrdinaryWorkspace_IsNone() => WorkspaceAccess.FindProblem(_folder.Paths).Should().BeNull();

    [Theory]
    [InlineData(0, true)]
    [InlineData(WorkspaceAccess.MinRoom - 1, true)]
    [InlineData(WorkspaceAccess.MinRoom, false)]
    public void FindProblem_LittleRoom_IsToldBeforeNothingCanBeRecorded(long free, bool isReported)
    {
        var problem = WorkspaceAccess.FindProblem(_folder.Paths, _ => free);

        (problem is not null).Should().Be(isReported);
        (problem ?? "is full").Should().Contain("is full");
    }

    [Fact]
    public void FindProblem_RoomThatIsNotTold_IsNone() => WorkspaceAccess.FindProblem(_folder.Paths, static _ => null).Should().BeNull();
}
