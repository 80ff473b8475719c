using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Core.Tests.Diagnostics;

public sealed class NearestNameTests
{
    private static readonly string[] Names = ["run_mode", "get_run", "list_runs", "log_timing"];

    [Theory]
    [InlineData("runMode", "run_mode")]
    [InlineData("run-mode", "run_mode")]
    [InlineData("list_run", "list_runs")]
    [InlineData("log_timming", "log_timing")]
    [InlineData("delete_everything", null)]
    [InlineData("", null)]
    public void Find_ASlip_IsRecognised(string wanted, string? expected) => NearestName.Find(wanted, Names).Should().Be(expected);

    [Fact]
    public void Find_NoNames_IsNothing() => NearestName.Find("x", []).Should().BeNull();

    [Theory]
    [InlineData("LIST", "list_runs")]
    [InlineData("timing", "log_timing")]
    [InlineData("get_rum", "get_run")]
    [InlineData("get_mode", "run_mode,get_run")]
    [InlineData("nothing", "")]
    [InlineData(" ", "")]
    public void Rank_APartOrASlip_IsNearestFirst(string wanted, string expected) =>
        NearestName
            .Rank(wanted, ["run_mode", "get_run", "list_runs", "log_timing"], max: 2)
            .Should()
            .Equal(expected.Split(',', StringSplitOptions.RemoveEmptyEntries));
}
