using System.Collections.Concurrent;
using System.Diagnostics;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Runs.Traces;
using LoopOrchestrator.Core.Telemetry;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Runs.Traces;

public sealed class RunTracesTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private readonly ConcurrentQueue<Activity> _spans = [];
    private readonly ActivityListener _listener;

    public RunTracesTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == LoopTraces.SourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void Record_ACycleWithItsRuns_IsOneTraceInTheShapeOfTheWork()
    {
        var cycle = Run("traced-cycle", 0, 60) with { Agent = null, AgentKind = null, Workflow = "default", ScheduledFor = Start };
        var step = Run("traced-step", 1, 40) with { ParentRunId = cycle.Id, CycleId = cycle.Id, Attempt = 2, CostUsd = 0.5 };
        var asked = Run("traced-asked", 5, 20) with
        {
            ParentRunId = step.Id,
            State = RunState.Failed,
            Failure = RunFailure.Work,
            Reason = "the last line that it printed",
        };
        var open = Run("traced-open", 6, 20) with { ParentRunId = step.Id, State = RunState.Running, EndedAt = null };

        using var around = new Activity("a call that ended it").Start();
        var asks = Run("traced-asks", 7, 20) with { ParentRunId = step.Id, State = RunState.NeedsInput };
        RunTraces.Record(cycle, [step, asked, open, asks]);

        Activity.Current.Should().BeSameAs(around);
        var spans = Mine("traced-");
        spans.Keys.Should().BeEquivalentTo("traced-cycle", "traced-step", "traced-asked");
        var root = spans["traced-cycle"];
        root.ParentSpanId.Should().Be(default(ActivitySpanId), "the call is not what the work was done for");
        root.DisplayName.Should().Be("cycle default");
        root.Status.Should().Be(ActivityStatusCode.Ok);
        root.StartTimeUtc.Should().Be(Start.UtcDateTime);
        root.Duration.Should().Be(TimeSpan.FromMinutes(60));
        root.GetTagItem("loop.schedule.due").Should().Be("2026-03-02T09:00:00.0000000+00:00");
        spans.Values.Should().OnlyContain(span => span.TraceId == root.TraceId);
        spans["traced-step"].ParentSpanId.Should().Be(root.SpanId);
        spans["traced-step"].GetTagItem("loop.run.attempts").Should().Be(2);
        spans["traced-step"].GetTagItem("loop.run.cost_usd").Should().Be(0.5);
        var failed = spans["traced-asked"];
        failed.ParentSpanId.Should().Be(spans["traced-step"].SpanId);
        failed.DisplayName.Should().Be("run code");
        (failed.Status, failed.StatusDescription).Should().Be((ActivityStatusCode.Error, "work"));
        failed
            .Events.Should()
            .ContainSingle()
            .Which.Should()
            .Match<ActivityEvent>(static one => one.Name == "loop.run.started" && one.Timestamp == Start.AddMinutes(6));
    }

    [Fact]
    public async Task End_OfARunThatNobodysRunAskedFor_TellsItsTraceOnce()
    {
        using var test = new TestWorkspace(defaultAgent: "handoff");
        test.WriteSchedules(TestWorkspace.Every(10));
        await test.RunPassAsync();
        await test.PassAfterAsync(TimeSpan.FromMinutes(10));
        var run = (await test.Workspace.Runs.ListAsync(new RunFilter(), Token)).Single();
        Mine(run.Id).Should().BeEmpty("it goes on");

        var taken = (await test.Workspace.Runs.ClaimAsync(run.Id, mode: null, Token))!;
        await test.Workspace.Runs.CompleteAsync(
            taken.Id,
            new RunReport(RunState.Succeeded, "it is done", [], [], []),
            leaseToken: taken.LeaseToken,
            cancellationToken: Token
        );
        await test.RunPassAsync();

        var span = Mine(run.Id).Should().ContainSingle().Which.Value;
        span.GetTagItem("loop.outcome").Should().Be("succeeded");
        span.GetTagItem("loop.origin").Should().Be("schedule");
    }

    [Fact]
    public async Task End_OfARunThatAsks_IsNoTraceUntilItHasGoneOn()
    {
        using var test = new TestWorkspace(defaultAgent: "handoff");
        test.WriteSchedules(TestWorkspace.Every(10));
        await test.RunPassAsync();
        await test.PassAfterAsync(TimeSpan.FromMinutes(10));
        var run = (await test.Workspace.Runs.ListAsync(new RunFilter(), Token)).Single();
        var taken = (await test.Workspace.Runs.ClaimAsync(run.Id, mode: null, Token))!;

        await test.Workspace.Runs.CompleteAsync(
            taken.Id,
            new RunReport(RunState.NeedsInput, "which one?", [], [], ["which one?"]),
            leaseToken: taken.LeaseToken,
            cancellationToken: Token
        );
        await test.RunPassAsync();

        (await test.Workspace.Runs.GetAsync(run.Id, Token)).State.Should().Be(RunState.NeedsInput);
        Mine(run.Id).Should().BeEmpty();
    }

    private Dictionary<string, Activity> Mine(string prefix) =>
        _spans
            .Where(span => span.GetTagItem("loop.run.id") is string id && id.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(static span => (string)span.GetTagItem("loop.run.id")!, StringComparer.Ordinal);

    private static Run Run(string id, int begin, int minutes) =>
        new()
        {
            Id = id,
            Mode = "code",
            Task = $"do {id}",
            Agent = "checks",
            AgentKind = AgentKind.Cli,
            Priority = RunPriority.Normal,
            State = RunState.Succeeded,
            TimeoutSeconds = 60,
            CreatedAt = Start.AddMinutes(begin),
            StartedAt = Start.AddMinutes(begin + 1),
            EndedAt = Start.AddMinutes(begin + minutes),
        };
}
