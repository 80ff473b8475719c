using LoopOrchestrator.Core.Findings;

namespace LoopOrchestrator.Core.Tests.Findings;

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
}
