using LoopOrchestrator.Core.Git;

namespace LoopOrchestrator.Core.Tests.Git;

public sealed class RawDiffLineTests
{
    [Fact]
    public void Parse_ALine_HasBothSides()
    {
        RawDiffLine.Is(":100644 100755 aaaa bbbb M").Should().BeTrue();
        RawDiffLine.Is("3\t1\ta:b.txt").Should().BeFalse();
        RawDiffLine.Parse(":100644 100755 aaaa bbbb M").Should().Be(new RawDiffLine("100644", "100755", "aaaa", "bbbb"));
    }

    [Theory]
    [InlineData("000000", true)]
    [InlineData("0000000000000000000000000000000000000000", true)]
    [InlineData("100644", false)]
    [InlineData("00a0", false)]
    public void IsNothing_ZerosOnly_IsTrue(string modeOrId, bool isNothing) => RawDiffLine.IsNothing(modeOrId).Should().Be(isNothing);
}
