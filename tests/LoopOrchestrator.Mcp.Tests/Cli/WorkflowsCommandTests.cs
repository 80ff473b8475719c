using System.Text.Json;

namespace LoopOrchestrator.Mcp.Tests.Cli;

public sealed class WorkflowsCommandTests : IDisposable
{
    private const string Nightly = """
        { "agents": { "tests": { "kind": "command", "command": ["touch", "was-executed"] } },
          "modes": { "validation-unit": { "agent": "tests" } },
          "workflows": { "nightly": { "stages": [
            { "stage": "implementation", "steps": [ { } ], "gates": [ { "command": ["touch", "was-executed"] } ] },
            { "stage": "validation", "steps": [ { "mode": "validation-unit" } ] } ] } } }
        """;

    private readonly CommandRun _command = new();

    public void Dispose() => _command.Dispose();

    [Fact]
    public async Task List_And_ShowExecuteAndCreateNothing()
    {
        _command.Workspace.Write("mcp_startup.json", Nightly);

        (await _command.SucceedAsync("workflows", "list"))
            .Should()
            .MatchRegex("default +built in +6 +0 +implementation > validation > quality > integration > planning")
            .And.MatchRegex(@"nightly +mcp_startup\.json +2 +1 +implementation > validation");
        (await _command.SucceedProgramAsync("workflows", "show", "nightly", "--task", "The search is slow"))
            .Should()
            .Contain("Workflow nightly, for: The search is slow")
            .And.Contain("mode implementation-performance: it has 'slow' of the task")
            .And.Contain("runs touch was-executed")
            .And.Contain("gate touch was-executed")
            .And.Contain("on failure: back to stage implementation");
        (await _command.SucceedAsync("workflows", "show", "nightly", "--mermaid"))
            .Should()
            .StartWith("flowchart TD\n")
            .And.Contain("-->|\"no: rework, at most 2 in all\"| s1");
        (await _command.SucceedAsync("workflows", "show")).Should().Contain("Workflow default").And.Contain("4. integration");

        Directory.GetFileSystemEntries(_command.Workspace.Root).Select(Path.GetFileName).Should().Equal("mcp_startup.json");
    }

    [Fact]
    public async Task Show_Json_HasTheWholePlan()
    {
        _command.Workspace.Write("mcp_startup.json", Nightly);

        using var answer = JsonDocument.Parse(
            await _command.SucceedAsync("workflows", "show", "nightly", "--task", "Add an export", "--json")
        );

        var plan = answer.RootElement;
        plan.GetProperty("workflow").GetString().Should().Be("nightly");
        plan.GetProperty("can_begin").GetBoolean().Should().BeTrue();
        plan.GetProperty("stages")[0].GetProperty("rework_to").GetString().Should().Be("implementation");
        var step = plan.GetProperty("stages")[0].GetProperty("steps")[0];
        step.GetProperty("mode").GetString().Should().Be("implementation-features");
        step.GetProperty("why").GetString().Should().Contain("'export'");
        plan.GetProperty("stages")[0].GetProperty("gates")[0].GetProperty("command").GetArrayLength().Should().Be(2);
        plan.GetProperty("stages")[1].GetProperty("steps")[0].GetProperty("agent_kind").GetString().Should().Be("command");
    }

    [Fact]
    public async Task Show_WhatCouldNotBegin_EndsWithOneAndDoctorAndInfoTellOfIt()
    {
        _command.Workspace.Write(
            "mcp_startup.json",
            "{ \"workflows\": { \"w\": { \"stages\": [\n { \"stage\": \"integration\", \"steps\": [ { \"mode\": "
                + "\"integration-deploy\" } ] } ] } } }"
        );
        const string Problem =
            "mcp_startup.json:2: error: workflow w, stage integration, step integration-deploy: mode integration-deploy "
            + "runs configured commands only";

        var show = await _command.RunAsync("workflows", "show", "w");
        var doctor = await _command.RunAsync("doctor");

        show.ExitCode.Should().Be(1);
        show.Output.Should().Contain(Problem);
        doctor.ExitCode.Should().Be(5);
        doctor.Output.Should().Contain(Problem);
        var info = await _command.RunAsync("--info", "--mode", "stdio");
        info.ExitCode.Should().Be(5);
        info.Output.Should().Contain(Problem);
        (await _command.RunAsync("workflows", "list")).Error.Should().Contain(Problem);
    }

    [Fact]
    public async Task Show_AnUnknownName_SaysWhichThereAre() =>
        (await _command.FailAsync("workflows", "show", "defalt")).Should().Contain("'default' is nearest");

    [Fact]
    public async Task Configuration_WithErrorsInWorkflows_IsToldWhole()
    {
        _command.Workspace.Write(
            "mcp_startup.json",
            "{ \"workflows\": { \"w\": { \"stages\": [\n { \"stage\": \"x\" },\n { \"stage\": \"quality\", \"gates\": [ { } ] } ] } } }"
        );

        var info = await _command.RunAsync("--info", "--mode", "stdio");

        info.ExitCode.Should().Be(1);
        info.Output.Should().Contain("mcp_startup.json:2:13").And.Contain("mcp_startup.json:2:2").And.Contain("mcp_startup.json:3:35");
    }
}
