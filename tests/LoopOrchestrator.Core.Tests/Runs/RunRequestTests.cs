using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Runs;

public sealed class RunRequestTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Again_OfARunWithALimitOfItsOwn_HasTheSame()
    {
        using var test = new TestWorkspace(defaultAgent: "handoff");
        var asked = new RunRequest("code", "Do it.")
        {
            QueuesHandOff = true,
            Priority = RunPriority.Todo,
            TimeoutSeconds = 7000,
            TimeoutExemption = "it is long",
            Title = "It",
        };
        var run = await test.Workspace.Runs.RequestAsync(asked, Token);

        var again = await test.Workspace.Runs.RequestAsync(RunRequest.Again(run), Token);

        again.Id.Should().NotBe(run.Id);
        (again.Mode, again.Task, again.Agent, again.Priority, again.TimeoutSeconds, again.Title)
            .Should()
            .Be((run.Mode, run.Task, run.Agent, RunPriority.Todo, 7000, "It"));
        (await test.Workspace.Runs.DecisionsAsync(again.Id, Token)).Should().Contain(one => one.Text.Contains(run.Id), "why it may");
    }

    [Fact]
    public void Again_OfACycle_IsOneOfTheSameWorkflow() =>
        RunRequest
            .Again(
                new Run
                {
                    Id = "run-a",
                    Mode = "orchestrator",
                    Task = "All of it.",
                    Workflow = "release",
                    Priority = RunPriority.Normal,
                    State = RunState.Failed,
                    TimeoutSeconds = 60,
                    CreatedAt = DateTimeOffset.UnixEpoch,
                }
            )
            .Should()
            .Match<RunRequest>(static one => one.Workflow == "release" && one.Agent == null && one.TimeoutSeconds == 60);
}
