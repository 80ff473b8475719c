using LoopOrchestrator.Testing.Architecture;

namespace LoopOrchestrator.Mcp.Tests.Architecture;

public sealed class TestNamesTests
{
    // Which names have the form is shown beside the same test of Core.
    [Fact]
    public void Names_OfAllTests_HaveThreeParts() => TestNames.OfAnotherForm(typeof(TestNamesTests).Assembly).Should().BeEmpty();
}
