using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Tests.Storage;

[ContractOf(typeof(ICycleStore))]
public abstract class CycleStoreContract : StorageContract
{
    private protected CycleStoreContract(IStorageBackend backend)
        : base(backend) { }

    private ICycleStore Cycles => Storage.Cycles;

    [Fact]
    public async Task TryStart_ByTwo_BeginsOnce()
    {
        var run = await AddAsync(Queued("run-c") with { Agent = null, AgentKind = null, Workflow = "default" });

        (await Cycles.TryStartAsync(run, BuiltInWorkflow.Default, Start, Token)).Should().BeTrue();
        (await OpenAnother().Cycles.TryStartAsync(run, BuiltInWorkflow.Default, Start, Token)).Should().BeFalse();

        var cycle = (await Cycles.FindAsync("run-c", Token))!;
        (cycle.Stage, cycle.Visit, cycle.Run.State).Should().Be((0, 1, RunState.Running));
        (cycle.Run.Kind, cycle.Run.Workflow, cycle.Run.Agent, cycle.Run.AgentKind).Should().Be((RunKind.Cycle, "default", null, null));
        cycle.Workflow.Should().BeEquivalentTo(BuiltInWorkflow.Default);
        (await Cycles.ListAsync(new RunFilter(), Token)).Should().ContainSingle();
        (await Cycles.OpenAsync(Token)).Should().ContainSingle();
    }

    [Fact]
    public async Task TryPrepare_OnWhatHasGoneOn_IsRefused()
    {
        var cycle = await BegunAsync();

        (await Cycles.TryPrepareAsync(cycle, [Step(0)], Token)).Should().BeTrue();
        (await Cycles.TryPrepareAsync(cycle, [Step(1)], Token)).Should().BeFalse("it has an item more by now");
        (await AgainAsync()).Items.Should().ContainSingle().Which.Should().BeEquivalentTo(Step(0));
    }

    [Fact]
    public async Task TryBegin_OfAStep_AddsItsRunOnce()
    {
        var cycle = await BegunAsync();
        await Cycles.TryPrepareAsync(cycle, [Step(0)], Token);
        var run = Queued("run-step", parent: "run-c") with { CycleId = "run-c" };
        var item = Step(0) with { RunId = run.Id };

        (await Cycles.TryBeginAsync(cycle, item, run, Start, Token)).Should().BeTrue();
        (await Cycles.TryBeginAsync(cycle, item, run with { Id = "run-other" }, Start, Token)).Should().BeFalse();

        (await Storage.Runs.FindAsync("run-other", Token)).Should().BeNull();
        var found = await Cycles.OfStepAsync(await GetAsync("run-step"), Token);
        (found!.Value.Cycle.Run.Id, found.Value.Item.State).Should().Be(("run-c", CycleItemState.Running));
    }

    [Fact]
    public async Task TrySettle_Twice_RecordsTheFirstEndOnly()
    {
        var cycle = await BegunAsync();
        await Cycles.TryPrepareAsync(cycle, [Step(0)], Token);
        await Cycles.TryBeginAsync(cycle, Step(0), null, Start, Token);
        var passed = Step(0) with { State = CycleItemState.Passed, EndedAt = Start, Marks = ["a note"], Output = "ok" };

        (await Cycles.TryRecordEndAsync(cycle, passed, CycleItemState.Running, Start, Token)).Should().BeTrue();
        var failed = passed with { State = CycleItemState.Failed };
        (await Cycles.TryRecordEndAsync(cycle, failed, CycleItemState.Running, Start, Token)).Should().BeFalse();
        (await AgainAsync()).Items.Should().ContainSingle().Which.Should().BeEquivalentTo(passed);
    }

    [Fact]
    public async Task TryAdvance_FromAPassThatIsOver_IsRefused()
    {
        var cycle = await BegunAsync();

        (await Cycles.TryAdvanceAsync(cycle, 1, Start, Token)).Should().BeTrue();
        (await Cycles.TryAdvanceAsync(cycle, 1, Start, Token)).Should().BeFalse();

        var next = await AgainAsync();
        (next.Stage, next.Visit).Should().Be((1, 2));
        (await StoryAsync()).Count(static text => text.Contains("is done", StringComparison.Ordinal)).Should().Be(1);
    }

    [Fact]
    public async Task TryGoBack_ForARework_CountsItAndKeepsTheFailure()
    {
        var cycle = await BegunAsync();
        var failure = new CycleFailure("validation", "gate 'test'", "exit code 1", "1 failed", null);

        (await Cycles.TryGoBackAsync(cycle, new CycleMove.GoBack(0, IsRework: true, failure), Start, Token)).Should().BeTrue();

        var back = await AgainAsync();
        (back.Reworks, back.Retries, back.Failure).Should().Be((1, 0, failure));
    }

    [Fact]
    public async Task TryJudge_Twice_AsksOnceForTheEndBelow()
    {
        var cycle = await BegunAsync();
        await AddAsync(Queued("run-step", parent: "run-c"));
        var verdict = new CycleVerdict(RunState.Failed, "a gate failed", Escalates: true);

        (await Cycles.TryJudgeAsync(cycle, verdict, hasEffect: false, Start, Token)).Should().BeTrue();
        (await Cycles.TryJudgeAsync(cycle, verdict, hasEffect: true, Start, Token)).Should().BeFalse();

        (await AgainAsync()).Should().Match<Cycle>(now => now.Verdict == verdict && now.HasEffect == false);
        (await GetAsync("run-step")).CancelReason.Should().Contain("run-c");
    }

    [Fact]
    public async Task Release_OfAHold_MovesTheTimeLimitByItsLength()
    {
        var cycle = await BegunAsync();

        (await Cycles.HoldAsync(cycle, "paused", Start.AddSeconds(10), Token)).Should().BeTrue();
        (await Cycles.HoldAsync(cycle, "paused", Start.AddSeconds(20), Token)).Should().BeFalse("that is known");
        (await Cycles.ReleaseAsync(cycle, Start.AddSeconds(40), Token)).Should().BeTrue();

        var again = await AgainAsync();
        (again.Run.DeadlineAt, again.HeldReason).Should().Be((Start.AddSeconds(60 + 30), null));
    }

    private static CycleItem Step(int position) =>
        new()
        {
            Number = position + 1,
            Visit = 1,
            Stage = 0,
            Kind = CycleItemKind.Step,
            Position = position,
            Name = "code",
            State = CycleItemState.Preparing,
            StartedAt = Start,
        };

    private async Task<Cycle> BegunAsync()
    {
        var run = await AddAsync(Queued("run-c") with { Agent = null, AgentKind = null, Workflow = "default" });
        (await Cycles.TryStartAsync(run, BuiltInWorkflow.Default, Start, Token)).Should().BeTrue();
        return await AgainAsync();
    }

    private async Task<Cycle> AgainAsync() => (await Cycles.FindAsync("run-c", Token))!;

    private async Task<IReadOnlyList<string>> StoryAsync() =>
        [.. (await Storage.Runs.DecisionsAsync("run-c", Token)).Select(static decision => decision.Text)];
}
