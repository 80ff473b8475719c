namespace LoopOrchestrator.Mcp.Tests.Cli;

public sealed class PauseCommandTests : IDisposable
{
    private readonly CommandRun _command = new();

    public PauseCommandTests() => _command.WriteSchedule();

    public void Dispose() => _command.Dispose();

    [Fact]
    public async Task Pause_OfOne_LeavesWhatWasAskedForByHandAndLastsUntilResume()
    {
        await _command.SucceedAsync("schedules", "trigger", "plan");

        var paused = await _command.SucceedAsync("pause", "plan", "--reason", "on holiday");

        paused.Should().Contain("No queued run had to be dropped");
        (await _command.SucceedAsync("runs", "list", "--state", "queued")).Should().Contain("planning-priorities");
        (await _command.RunAsync("status")).Output.Should().Contain("on holiday");
        (await _command.SucceedAsync("resume", "plan")).Should().Contain("goes on");
        (await _command.RunAsync("status")).Output.Should().NotContain("on holiday");
    }

    [Fact]
    public async Task Pause_OfAll_IsNotEndedByResumeOfOne()
    {
        await _command.SucceedProgramAsync("pause", "--all", "--reason", "release");

        (await _command.RunAsync("status")).Output.Should().Contain("all schedules").And.Contain("release");
        (await _command.SucceedAsync("resume", "plan"))
            .Should()
            .Contain("not paused by itself")
            .And.Contain("All schedules are still paused (release)");
        (await _command.SucceedProgramAsync("resume")).Should().Contain("All schedules go on");
        (await _command.RunAsync("status")).Output.Should().NotContain("release");
    }

    [Fact]
    public async Task Resume_OfAll_TellsOfThosePausedByThemselves()
    {
        await _command.SucceedAsync("pause", "plan", "--reason", "broken");

        (await _command.SucceedAsync("resume")).Should().Contain("Schedule 'plan' is still paused (broken)");
    }

    [Theory]
    [InlineData]
    [InlineData("plan", "--all")]
    public async Task Pause_OfNobodyKnowsWhat_IsAUsageError(params string[] arguments)
    {
        var result = await _command.RunAsync(["pause", .. arguments]);

        result.ExitCode.Should().Be(2);
        result.Error.Should().Contain("pause needs a SCHEDULE_ID").And.Contain("--all");
        (await _command.RunAsync("status")).Output.Should().NotContain("Paused");
    }

    [Theory]
    [InlineData("plan", "--all")]
    [InlineData("--agent", "handoff", "--all")]
    [InlineData("plan", "--agent", "handoff")]
    [InlineData("plan", "--agent", "handoff", "--all")]
    public async Task Resume_OfTwoThings_IsAUsageErrorThatEndsNoPause(params string[] arguments)
    {
        await _command.SucceedAsync("pause", "plan", "--reason", "on holiday");
        await _command.SucceedAsync("pause", "--all", "--reason", "release");

        var result = await _command.RunAsync(["resume", .. arguments]);

        result.ExitCode.Should().Be(2);
        result.Error.Should().Contain("resume takes a SCHEDULE_ID, --all or --agent NAME");
        (await _command.RunAsync("status")).Output.Should().Contain("on holiday").And.Contain("release");
    }

    [Fact]
    public async Task Resume_OfAllByName_IsAsWithoutASchedule()
    {
        await _command.SucceedAsync("pause", "--all");

        (await _command.SucceedAsync("resume", "--all")).Should().Contain("All schedules go on");
    }

    [Theory]
    [InlineData("pause", "nope")]
    [InlineData("resume", "nope")]
    [InlineData("schedules", "trigger", "nope")]
    [InlineData("schedules", "history", "nope")]
    public async Task Schedule_Unknown_IsAnErrorThatNamesThose(params string[] arguments) =>
        (await _command.FailAsync(arguments)).Should().Contain("'plan' (The plan)");

    [Fact]
    public async Task Pause_WithABrokenConfiguration_WorksAllTheSame()
    {
        _command.Workspace.Write("mcp_startup.json", "{");

        (await _command.SucceedAsync("pause", "--all")).Should().Contain("All schedules are paused");
    }

    [Fact]
    public async Task Trigger_ByHand_EntersTheLedger()
    {
        (await _command.SucceedAsync("schedules", "trigger", "plan")).Should().Contain("claim_run");

        (await _command.SucceedAsync("schedules", "history", "plan"))
            .Should()
            .MatchRegex("plan +started +1 +run-[0-9a-f-]+ +queued +triggered by hand");
        (await _command.FailAsync("schedules", "trigger", "plan")).Should().Contain("has a run already");
    }
}
