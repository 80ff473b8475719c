using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Tests.Runs;

public sealed class RunPositionTests
{
    [Fact]
    public void Parse_WrittenPosition_IsTheSame()
    {
        var position = new RunPosition(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero), "run-20260102-030405-1a2b3c4d");

        RunPosition.Parse(position.ToString()).Should().Be(position);
    }

    [Fact]
    public void Parse_LastMomentThereIs_IsRead() => RunPosition.Parse("253402300799999_run-a")!.CreatedAt.Year.Should().Be(9999);

    [Theory]
    [InlineData("")]
    [InlineData("_run-a")]
    [InlineData("5")]
    [InlineData("5_")]
    [InlineData("5_x")]
    [InlineData("5_run-a' OR 1=1")]
    [InlineData("-5_run-a")]
    [InlineData("+5_run-a")]
    [InlineData(" 5_run-a")]
    [InlineData("5.0_run-a")]
    [InlineData("253402300800000_run-a")]
    [InlineData("99999999999999999999_run-a")]
    public void Parse_AnythingElse_IsNone(string cursor) => RunPosition.Parse(cursor).Should().BeNull();
}
