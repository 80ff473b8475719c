using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Tests.Runs;

public sealed class RunIdTests
{
    [Fact]
    public void Create_MomentElsewhere_IsWrittenInUtc() =>
        RunId
            .Create(new DateTimeOffset(2026, 1, 2, 1, 4, 5, TimeSpan.FromHours(-2)), Random.Shared)
            .Should()
            .MatchRegex("^run-20260102-030405-[0-9a-f]{8}$");

    [Fact]
    public void Create_OneSecond_GivesDifferentIds() =>
        Enumerable
            .Range(0, 50)
            .Select(_ => RunId.Create(DateTimeOffset.UnixEpoch, Random.Shared))
            .Should()
            .OnlyHaveUniqueItems()
            .And.OnlyContain(id => RunId.IsWellFormed(id));

    [Fact]
    public void Create_LaterSecond_SortsBehind() =>
        string.CompareOrdinal(
                RunId.Create(DateTimeOffset.UnixEpoch, Random.Shared),
                RunId.Create(DateTimeOffset.UnixEpoch.AddSeconds(1), Random.Shared)
            )
            .Should()
            .BeNegative();

    [Theory]
    [InlineData("run-20260102-030405-1a2b3c4d", true)]
    [InlineData("run-x", true)]
    [InlineData("run-", false)]
    [InlineData("Run-20260102", false)]
    [InlineData("run-../../etc", false)]
    [InlineData("run-a/b", false)]
    [InlineData("run-a\\b", false)]
    [InlineData("run-a\n", false)]
    [InlineData("run-é", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void IsWellFormed_OneSafePathSegment_Only(string? text, bool expected) => RunId.IsWellFormed(text).Should().Be(expected);

    [Fact]
    public void IsWellFormed_TooLong_IsNot()
    {
        RunId.IsWellFormed("run-" + new string('a', 60)).Should().BeTrue();
        RunId.IsWellFormed("run-" + new string('a', 61)).Should().BeFalse();
    }
}
