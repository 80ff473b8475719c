using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests;

public sealed class SoakTraitTests
{
    [Fact]
    public void Tests_Explicit_AreThoseOfTheSoak() => SoakTests.FindHalfMarked(typeof(SoakTraitTests).Assembly).Should().BeEmpty();
}
