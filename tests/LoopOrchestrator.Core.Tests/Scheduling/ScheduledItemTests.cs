using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Todo;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Scheduling;

public sealed class ScheduledItemTests
{
    private const string Plan =
        "# Next\n\n- [ ] **Parser** reads tabs\n  - **Acceptance**: the tests pass\n  - mind the quotes\n- [ ] Other\n- [ "
        + "] Twice\n\n# Later\n\n- [ ] Twice\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Due_WithAnItem_WorksOnIt()
    {
        using var test = await StartAsync("\"todo\":\"Parser\"");
        var id = TodoReader.Read(test.Paths).Items[0].Id;

        var run = (await RunsAsync(test)).Should().ContainSingle().Which;

        run.Priority.Should().Be(RunPriority.Todo);
        run.ScheduleId.Should().Be("s");
        run.TimeoutSeconds.Should().Be(3600);
        run.Task.Should()
            .Be(
                $"Parser\n\nreads tabs\n- Acceptance: the tests pass\n- mind the quotes\n\nThis is item {id} of TODO.md, "
                    + "section Next. Tick it (update_todo, action check, with this id) when it is done as its acceptance "
                    + "says, and not before.\n\ndo s"
            );
        run.Mode.Should().Be("code");
    }

    [Fact]
    public async Task Due_ItemById_IsFoundUnderAnotherHeading()
    {
        using var test = new TestWorkspace();
        await File.WriteAllTextAsync(test.Paths.Todo, Plan, Token);
        var id = TodoReader.Read(test.Paths).Items.Single(item => item.Title == "Other").Id;
        await File.WriteAllTextAsync(test.Paths.Todo, Plan.Replace("# Next", "# Now", StringComparison.Ordinal), Token);
        test.WriteSchedules(TestWorkspace.Every(10, more: $"\"todo\":\"{id}\",\"timeoutSeconds\":60"));
        await test.RunPassAsync();

        var run = (await RunsAsync(test)).Should().ContainSingle().Which;
        run.Task.Should().StartWith("Other\n").And.Contain("section Now");
        run.TimeoutSeconds.Should().Be(60);
    }

    [Theory]
    [InlineData("Parser", "- [ ] **Parser**", "- [x] **Parser**", "is ticked, so there is nothing to do")]
    [InlineData("Parser", "**Parser**", "**Lexer**", "has no item with the id or text \"Parser\"")]
    [InlineData("Twice", "nothing", "nothing", "2 items of TODO.md fit \"Twice\"; name one by its id")]
    public async Task Due_NothingToDo_IsSkippedWithTheReasonAndWorkedOnLater(string item, string old, string changed, string reason)
    {
        using var test = await StartAsync($"\"todo\":\"{item}\"", Plan.Replace(old, changed, StringComparison.Ordinal));

        (await RunsAsync(test)).Should().BeEmpty();
        var row = (await test.Workspace.Schedules.Ledger.HistoryAsync("s", 10, Token)).Should().ContainSingle().Which;
        row.Outcome.Should().Be(OccurrenceOutcome.Skipped);
        row.Reason.Should().StartWith("todo: ").And.Contain(reason);
        (await test.Workspace.Awaiting(workspace => workspace.Schedules.TriggerAsync("s", Token)).Should().ThrowAsync<UserErrorException>())
            .Which.Message.Should()
            .Contain(reason);

        await File.WriteAllTextAsync(test.Paths.Todo, $"- [ ] {item}\n", Token);
        await test.PassAfterAsync(TimeSpan.FromMinutes(10));
        (await RunsAsync(test)).Should().ContainSingle();
    }

    [Fact]
    public async Task Due_LongerLimitWithAReason_IsRecorded()
    {
        using var test = await StartAsync("\"todo\":\"Parser\",\"timeoutSeconds\":7200,\"timeoutExemption\":\"the corpus takes\\nlong\"");

        var run = (await RunsAsync(test)).Should().ContainSingle().Which;

        run.TimeoutSeconds.Should().Be(7200);
        (await test.Workspace.Runs.DecisionsAsync(run.Id, Token))
            .Should()
            .Contain(decision =>
                decision.Text.Contains(
                    "7200 s instead of the 3600 s of priority todo, because: the corpus takes long",
                    StringComparison.Ordinal
                )
            );
        test.Workspace.Schedules.Source.Diagnostics.Should().BeEmpty();
    }

    [Fact]
    public async Task Due_LongerLimitWithoutAReason_IsAnHourAndAFinding()
    {
        using var test = await StartAsync("\"todo\":\"Parser\",\"timeoutSeconds\":7200");

        (await RunsAsync(test)).Should().ContainSingle().Which.TimeoutSeconds.Should().Be(3600);
        test.Workspace.Schedules.Source.Diagnostics.Should()
            .ContainSingle()
            .Which.Should()
            .Match<Diagnostic>(diagnostic =>
                diagnostic.Severity == DiagnosticSeverity.Warning
                && diagnostic.Column > 1
                && diagnostic.Message.Contains("timeoutExemption", StringComparison.Ordinal)
            );
    }

    [Fact]
    public async Task Read_ExemptionWithoutAnItem_IsAFindingAndAnotherLimitStaysAsItWas()
    {
        using var test = await StartAsync("\"timeoutSeconds\":7200,\"timeoutExemption\":\"x\"");

        (await RunsAsync(test))
            .Should()
            .ContainSingle()
            .Which.Should()
            .BeEquivalentTo(
                new
                {
                    TimeoutSeconds = 7200,
                    Priority = RunPriority.Schedule,
                    Task = "do s",
                }
            );
        test.Workspace.Schedules.Source.Diagnostics.Should()
            .ContainSingle()
            .Which.Message.Should()
            .Contain("only work on an item of the plan needs one");
    }

    [Fact]
    public async Task Request_PriorityTodo_HasAnHourUnlessThereIsAReason()
    {
        using var test = new TestWorkspace(new RunLimits { TimeoutSeconds = 7200 }, defaultAgent: "handoff");
        var request = new RunRequest("code", "x") { Priority = RunPriority.Todo };

        (await test.Workspace.Runs.RequestAsync(request, Token)).TimeoutSeconds.Should().Be(3600);
        (await test.Workspace.Runs.RequestAsync(request with { TimeoutSeconds = 3600 }, Token)).TimeoutSeconds.Should().Be(3600);
        (
            await test
                .Workspace.Runs.Awaiting(runs => runs.RequestAsync(request with { TimeoutSeconds = 3601, TimeoutExemption = " " }, Token))
                .Should()
                .ThrowAsync<UserErrorException>()
        )
            .Which.Message.Should()
            .Contain("timeout_exemption");
        (
            await test
                .Workspace.Runs.Awaiting(runs =>
                    runs.RequestAsync(request with { Priority = RunPriority.Normal, TimeoutExemption = "x" }, Token)
                )
                .Should()
                .ThrowAsync<UserErrorException>()
        )
            .Which.Message.Should()
            .Contain("priority normal");
        (await test.Workspace.Runs.RequestAsync(request with { Priority = RunPriority.Normal }, Token)).TimeoutSeconds.Should().Be(7200);
        var exempt = await test.Workspace.Runs.RequestAsync(request with { TimeoutSeconds = 9000, TimeoutExemption = "big" }, Token);
        exempt.TimeoutSeconds.Should().Be(9000);
        (await test.Workspace.Runs.DecisionsAsync(exempt.Id, Token))
            .Should()
            .Contain(decision => decision.Text.EndsWith("because: big", StringComparison.Ordinal));
    }

    private static async Task<TestWorkspace> StartAsync(string more, string plan = Plan)
    {
        var test = new TestWorkspace();
        await File.WriteAllTextAsync(test.Paths.Todo, plan, Token);
        test.WriteSchedules(TestWorkspace.Every(10, more: more));
        await test.RunPassAsync();
        return test;
    }

    private static Task<IReadOnlyList<Run>> RunsAsync(TestWorkspace test) => test.Workspace.Runs.ListAsync(new RunFilter(), Token);
}
