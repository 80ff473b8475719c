using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Mcp.Tests;

public sealed class SoakTraitTests
{
    [Fact]
    public void Tests_Explicit_AreThoseOfTheSoak() => SoakTests.FindHalfMarked(typeof(SoakTraitTests).Assembly).Should().BeEmpty();
}
