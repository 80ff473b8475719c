using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Status;

/// <summary>What is wrong in a workspace in which much is: nothing is lost because there is more of it than a page holds.</summary>
public sealed class StatusSignsTests : IDisposable
{
    private readonly TestWorkspace _test = new(defaultAgent: "handoff");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Signs_OfMoreQuestionsThanAPageHolds_AreThoseOfAllSchedules()
    {
        await EndAsync("older", RunState.NeedsInput);
        for (var number = 0; number < 25; number++)
        {
            _test.Time.Advance(TimeSpan.FromMinutes(1));
            await EndAsync("code", RunState.NeedsInput);
        }

        (await SubjectsAsync(IncidentKind.NeedsInput)).Should().BeEquivalentTo("mode code", "mode older");
        (await _test.Workspace.Status.ReadAsync(Token))
            .Attention.Should()
            .ContainSingle(static line => line.StartsWith("26 run(s) wait for an answer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Signs_OfMoreEscalationsThanAPageHolds_AreAllOfThem()
    {
        for (var number = 0; number < 101; number++)
        {
            await EndAsync($"mode-{number}", RunState.Failed);
        }

        (await SubjectsAsync(IncidentKind.Escalation)).Should().HaveCount(101).And.Contain("escalation 1");
    }

    private async Task<IEnumerable<string>> SubjectsAsync(IncidentKind kind) =>
        (await _test.Workspace.Status.SignsAsync(Token)).Where(sign => sign.Kind == kind).Select(static sign => sign.Subject);

    private async Task EndAsync(string mode, RunState state)
    {
        var run = new Run
        {
            Id = $"run-{Guid.NewGuid():N}",
            Mode = mode,
            Task = "work",
            Agent = "handoff",
            AgentKind = Core.Agents.Contracts.AgentKind.Handoff,
            Priority = RunPriority.Normal,
            State = RunState.Queued,
            TimeoutSeconds = 60,
            CreatedAt = _test.Now,
        };
        var runs = _test.Workspace.Storage.Runs;
        await runs.AddAsync(run, "a test says so", Token);
        await runs.EndAttemptAsync(
            run.Id,
            new RunEnd(state, _test.Now, "it ended"),
            new RunEndPolicy(new RunLimits { MaxAttempts = 1, FailuresToEscalate = 1 }, []),
            Token
        );
    }
}
