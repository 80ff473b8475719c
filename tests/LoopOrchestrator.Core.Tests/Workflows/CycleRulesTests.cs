using System.Globalization;
using LoopOrchestrator.Core.Tests.Agents;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;
using StageKind = LoopOrchestrator.Core.Modes.Stage;

namespace LoopOrchestrator.Core.Tests.Workflows;

/// <summary>
/// What a cycle does next. Its items are written as <c>step0+ gate1-</c>: the kind, the position, and the state, which is one of
/// <c>.</c> in preparation, <c>&gt;</c> running, <c>+</c> passed, <c>-</c> failed, <c>x</c> cancelled, <c>~</c> interrupted.
/// </summary>
public sealed class CycleRulesTests
{
    private static readonly FailurePolicy Stop = new(FailureAction.Stop);
    private static readonly WorkflowStep Isolated = new("step1") { Isolated = true };
    private static readonly FailurePolicy Continue = new(FailureAction.Continue);

    [Theory]
    [InlineData("", "begin Step 0")]
    [InlineData("step0.", "wait")]
    [InlineData("step0>", "wait")]
    [InlineData("step0+", "begin Step 1")]
    [InlineData("step0+ step1>", "wait")]
    [InlineData("step0+ step1+", "begin Gate 0")]
    [InlineData("step0+ step1+ gate0+", "begin Gate 1")]
    [InlineData("step0+ step1+ gate0+ gate1+", "begin Landing 0")]
    [InlineData("step0+ step1+ gate0+ gate1+ landing0+", "begin Sync 0")]
    [InlineData("step0+ step1+ gate0+ gate1+ landing0+ sync0+", "begin Sync 1")]
    [InlineData("step0+ step1+ gate0+ gate1+ landing0+ sync0+ sync1+", "advance 1")]
    public void Next_StageWithEverything_GoesInOrder(string items, string move) =>
        Next(Workflow(Everything(StageKind.Implementation, Stop)), items).Should().Be(move);

    [Fact]
    public void Next_NoIsolatedStepAndNoSyncPoint_LeavesLandingAndSyncOut()
    {
        var workflow = Workflow(Everything(StageKind.Quality, Stop) with { Steps = [new("step0"), new("step1")] });

        Next(workflow, "step0+ step1+ gate0+ gate1+").Should().Be("advance 1");
    }

    [Theory]
    [InlineData("", "begin Step 0 1")]
    [InlineData("step0~ step1+", "begin Step 0")]
    [InlineData("step0+ step1~", "begin Step 1")]
    [InlineData("step0+ step1+", "begin Gate 0")]
    public void Next_ParallelStage_BeginsAllStepsAndOneGate(string items, string move) =>
        Next(Workflow(Everything(StageKind.Validation, Stop) with { Parallel = true }), items).Should().Be(move);

    [Theory]
    [InlineData("step0x", "Cancelled: step 'step0' of stage 'implementation' was cancelled: because of Step 0")]
    [InlineData("step0+ step1- gate0x", "Cancelled: gate 'gate0' of stage 'implementation' was cancelled: because of Gate 0")]
    [InlineData("step0x step1>", "wait")]
    public void Next_Cancelled_EndsTheCycleOnceNothingGoesOn(string items, string move) =>
        Next(Workflow(Everything(StageKind.Implementation, Stop)), items).Should().Be(move);

    // Only what is interrupted again and again in this pass has failed; each interruption alone is done again.
    [Theory]
    [InlineData("step0~", "begin Step 0")]
    [InlineData("step0~ step0~", "begin Step 0")]
    [InlineData("step0~ step0~ step0+", "begin Step 1")]
    [InlineData("step0~ step0~ step0+ step1~", "begin Step 1")]
    [InlineData("step0~ step0+ step1+ gate0~ gate0~", "begin Gate 0")]
    [InlineData("step0~ step0~ step0~", "Failed: step 'step0' of stage 'implementation' failed: because of Step 0")]
    [InlineData("step0+ step1+ gate0~ gate0~ gate0~", "Failed: gate 'gate0' of stage 'implementation' failed: because of Gate 0")]
    public void Next_Interrupted_IsDoneAgainUpToALimit(string items, string move) =>
        Next(Workflow(Everything(StageKind.Implementation, Stop)), items).Should().Be(move);

    [Fact]
    public void Next_InterruptedInAnEarlierPass_CountsForThatPassOnly()
    {
        var earlier = Items("step0~ step0~", visit: 1);
        var cycle = Cycle(Workflow(Everything(StageKind.Implementation, Stop)), [.. earlier, .. Items("step0~", visit: 2)]);

        Show(CycleRules.Next(cycle)).Should().Be("begin Step 0");
    }

    // The action, how often it went back and began anew already, and what comes of a gate that failed in the second stage.
    [Theory]
    [InlineData(FailureAction.Stop, 0, 0, "Failed: gate 'gate0' of stage 'validation' failed: because of Gate 0")]
    [InlineData(FailureAction.Escalate, 0, 0, "Failed: gate 'gate0' of stage 'validation' failed: because of Gate 0, escalates")]
    [InlineData(FailureAction.Rework, 0, 0, "rework from 0")]
    [InlineData(FailureAction.Rework, 1, 5, "rework from 0")]
    [InlineData(
        FailureAction.Rework,
        2,
        0,
        "Failed: gate 'gate0' of stage 'validation' failed, and the cycle has gone back 2 time(s) already: because of Gate 0, escalates"
    )]
    [InlineData(FailureAction.Retry, 5, 0, "retry from 1")]
    [InlineData(FailureAction.Retry, 0, 1, "retry from 1")]
    [InlineData(FailureAction.Retry, 0, 2, "Failed: gate 'gate0' of stage 'validation' failed after 2 retries: because of Gate 0")]
    [InlineData(FailureAction.Continue, 0, 0, "begin Sync 0")]
    public void Next_Failed_DoesWhatItsStageSays(FailureAction action, int reworks, int retries, string move)
    {
        var policy = new FailurePolicy(action, ReworkTo: "implementation", MaxRetries: 2);
        var workflow = Workflow(Everything(StageKind.Implementation, Stop), Everything(StageKind.Validation, policy));
        var items = Items("step0+ step1+ gate0- baseline0+", stage: 1);
        var cycle = Cycle(workflow, items) with { Stage = 1, Reworks = reworks, Retries = retries };

        Show(CycleRules.Next(cycle)).Should().Be(move);
    }

    [Theory]
    [InlineData("implementation", 0)]
    [InlineData("validation", 1)]
    [InlineData("quality", 2)]
    [InlineData(null, 2)]
    public void Next_Rework_GoesBackToTheStageThatIsNamed(string? to, int stage)
    {
        var workflow = Workflow(
            Everything(StageKind.Implementation, Stop),
            Everything(StageKind.Validation, Stop),
            Everything(StageKind.Quality, new FailurePolicy(FailureAction.Rework, to))
        );

        Show(CycleRules.Next(Cycle(workflow, Items("step0-", stage: 2)) with { Stage = 2 })).Should().Be($"rework from {stage}");
    }

    [Fact]
    public void Next_GoesBack_TakesWhatFailedAlong()
    {
        var failed = Items("step0-")[0] with { Output = "its last words", RunId = "run-1" };
        var workflow = Workflow(Everything(StageKind.Implementation, new FailurePolicy(FailureAction.Retry)));

        CycleRules
            .Next(Cycle(workflow, [failed]))
            .Should()
            .BeOfType<CycleMove.GoBack>()
            .Which.Failure.Should()
            .Be(
                new CycleFailure("implementation", "step 'step0' of stage 'implementation'", "because of Step 0", "its last words", "run-1")
            );
        CycleRules
            .Next(Cycle(workflow, [failed with { Reason = null }]))
            .Should()
            .BeOfType<CycleMove.GoBack>()
            .Which.Failure.Reason.Should()
            .Be("Failed", "something has to stand there");
    }

    // A stage that forgives goes on with its sync point alone, and what makes that one is not forgiven.
    [Theory]
    [InlineData("step0-", "begin Sync 0")]
    [InlineData("step0~ step0~ step0~", "begin Sync 0")]
    [InlineData("step0+ step1+ gate0-", "begin Sync 0")]
    [InlineData("step0- sync0+", "begin Sync 1")]
    [InlineData("step0- sync0+ sync1+", "advance 1")]
    [InlineData("step0- sync0-", "Failed: sync command 'sync0' at stage 'implementation' failed: because of Sync 0")]
    [InlineData("step0+ step1+ gate0+ gate1+ landing0-", "Failed: the landing of stage 'implementation' failed: because of Landing 0")]
    public void Next_ForgivenFailure_GoesOnWithTheSyncPoint(string items, string move) =>
        Next(Workflow(Everything(StageKind.Implementation, Continue)), items).Should().Be(move);

    // The passes of the first stage, then the last stage of the two, which has passed.
    [Theory]
    [InlineData("step0+", "", "Succeeded: all 2 stages of workflow 'w' passed")]
    [InlineData(
        "step0-",
        "",
        "Succeeded: all stages of workflow 'w' are done; failed and gone on with: step 'step0' of stage 'implementation'"
    )]
    [InlineData(
        "step0- gate1-",
        "",
        "Succeeded: all stages of workflow 'w' are done; failed and gone on with: step 'step0' of stage 'implementation', "
            + "gate 'gate1' of stage 'implementation'"
    )]
    [InlineData("step0-", "step0+", "Succeeded: all 2 stages of workflow 'w' passed")]
    [InlineData(
        "step0+",
        "step0-",
        "Succeeded: all stages of workflow 'w' are done; failed and gone on with: step 'step0' of stage 'implementation'"
    )]
    [InlineData(
        "step0~ step0~ step0~",
        "",
        "Succeeded: all stages of workflow 'w' are done; failed and gone on with: step 'step0' of stage 'implementation'"
    )]
    [InlineData("step0~ step0+", "", "Succeeded: all 2 stages of workflow 'w' passed")]
    [InlineData(
        "step0~ step1+",
        "",
        "Succeeded: all stages of workflow 'w' are done; failed and gone on with: step 'step0' of stage 'implementation'"
    )]
    [InlineData(
        "step0~ gate0+",
        "",
        "Succeeded: all stages of workflow 'w' are done; failed and gone on with: step 'step0' of stage 'implementation'"
    )]
    [InlineData(
        "step0~ step0-",
        "",
        "Succeeded: all stages of workflow 'w' are done; failed and gone on with: step 'step0' of stage 'implementation'"
    )]
    public void Next_LastStageIsDone_SaysWhatFailedInTheLastPassOfEach(string first, string second, string end)
    {
        var last = new WorkflowStage("quality", StageKind.Quality) { Steps = [new("step0")] };
        var workflow = new WorkflowDefinition("w") { Stages = [Everything(StageKind.Implementation, Continue), last] };
        var items = Items(first, visit: 1).Concat(Items(second, visit: 2)).Concat(Items("step0+", visit: 3, stage: 1));

        Show(CycleRules.Next(Cycle(workflow, [.. items]) with { Stage = 1 })).Should().Be(end);
    }

    /// <summary>A gate that fails behind steps that work apart is tried on the tree before them, and then they are blamed.</summary>
    [Theory]
    [InlineData("gate0-", "begin Baseline 0")]
    [InlineData("gate0+ gate1-", "begin Baseline 1")]
    [InlineData("gate0- baseline0.", "wait")]
    [InlineData("gate0- baseline0~", "begin Baseline 0")]
    [InlineData("gate0- baseline0~ baseline0~ baseline0~", "Failed: gate 'gate0' of stage 'implementation' failed: because of Gate 0")]
    [InlineData("gate0- baseline0+", "Failed: gate 'gate0' of stage 'implementation' failed: because of Gate 0")]
    [InlineData("gate0+ gate1- baseline0-", "begin Baseline 1")]
    [InlineData(
        "gate0- baseline0-",
        "Failed: gate 'gate0' of stage 'implementation' failed: because of Gate 0; it fails on the tree as it was before the steps of the "
            + "stage, too, so they may not be to blame: what git ignores is not in it"
    )]
    public void Next_GateBehindIsolatedStepsFailed_IsTriedOnTheTreeBeforeThem(string items, string move) =>
        Next(Workflow(Everything(StageKind.Implementation, Stop)), $"step0+ step1+ {items}").Should().Be(move);

    // One that works in the workspace itself has changed it since.
    [Theory]
    [InlineData(true, "Failed: gate 'gate0' of stage 'implementation' failed: because of Gate 0; it fails on the tree as it was before*")]
    [InlineData(false, "begin Baseline 0")]
    public void Next_GateFailsInAReworkToo_IsTriedOnTheTreeBeforeOnlyOnce(bool isIsolated, string move)
    {
        var stage = Everything(StageKind.Implementation, Stop) with { Steps = [new("step0") { Isolated = isIsolated }, Isolated] };
        var workflow = Workflow(stage);
        var items = Items("step0+ step1+ gate0- baseline0-", visit: 1).Concat(Items("step0+ step1+ gate0-", visit: 2));

        Show(CycleRules.Next(Cycle(workflow, [.. items]))).Should().Match(move);
    }

    [Fact]
    public void Next_GateFailedWithoutIsolatedSteps_IsNotTriedAgain() =>
        Next(Workflow(Everything(StageKind.Quality, Stop) with { Steps = [new("step0")] }), "step0+ gate0-").Should().StartWith("Failed");

    /// <summary>What no rework can mend is done again by no policy; one that goes on goes on.</summary>
    [Theory]
    [InlineData(CycleFault.Missing, "what is missing would still be missing")]
    [InlineData(CycleFault.Service, "no model has judged the work")]
    public void Next_FaultThatNoReworkMends_EndsTheCycle(CycleFault fault, string why)
    {
        string NextBy(FailurePolicy policy) =>
            Show(
                CycleRules.Next(
                    Cycle(
                        Workflow(Everything(StageKind.Implementation, policy)),
                        Items("step0-").ConvertAll(item => item with { Fault = fault })
                    )
                )
            );

        var ended =
            $"Failed: step 'step0' of stage 'implementation' failed: because of Step 0; nothing is done again for it, because {why}";
        NextBy(Stop).Should().Be(ended);
        NextBy(new FailurePolicy(FailureAction.Rework)).Should().Be(ended);
        NextBy(new FailurePolicy(FailureAction.Retry, MaxRetries: 3)).Should().Be(ended);
        NextBy(new FailurePolicy(FailureAction.Escalate)).Should().Be($"{ended}, escalates");
        NextBy(Continue).Should().Be("begin Sync 0");
    }

    private static WorkflowStage Everything(StageKind kind, FailurePolicy onFailure) =>
        new(kind.ToString().ToLowerInvariant(), kind)
        {
            Steps = [new("step0"), new("step1") { Isolated = true }],
            Gates = [new("gate0", ["true"]), new("gate1", ["true"])],
            OnFailure = onFailure,
        };

    // A stage behind those that a test is about, so that there is one to go on with.
    private static WorkflowDefinition Workflow(params WorkflowStage[] stages) =>
        new("w")
        {
            Stages = [.. stages, new WorkflowStage("planning", StageKind.Planning) { Steps = [new("step0")] }],
            Sync = [new("sync0", ["true"]), new("sync1", ["true"])],
            MaxReworks = 2,
        };

    private static Cycle Cycle(WorkflowDefinition workflow, IReadOnlyList<CycleItem> items) =>
        new(TestAgents.Run() with { Agent = null, AgentKind = null, Workflow = workflow.Name }, workflow)
        {
            Stage = 0,
            Visit = items.Select(static item => item.Visit).DefaultIfEmpty(1).Max(),
            Items = items,
        };

    private static string Next(WorkflowDefinition workflow, string items) => Show(CycleRules.Next(Cycle(workflow, Items(items))));

    private static List<CycleItem> Items(string text, int visit = 1, int stage = 0) =>
        [
            .. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(
                    (item, index) =>
                    {
                        var kind = Enum.Parse<CycleItemKind>(item[..^2], ignoreCase: true);
                        var position = item[^2] - '0';
                        return new CycleItem
                        {
                            Number = index + 1,
                            Visit = visit,
                            Stage = stage,
                            Kind = kind,
                            Position = position,
                            Name = item[..^1],
                            State = item[^1] switch
                            {
                                '.' => CycleItemState.Preparing,
                                '>' => CycleItemState.Running,
                                '+' => CycleItemState.Passed,
                                '-' => CycleItemState.Failed,
                                'x' => CycleItemState.Cancelled,
                                _ => CycleItemState.Interrupted,
                            },
                            Reason = $"because of {kind} {position}",
                            StartedAt = TestAgents.Moment,
                        };
                    }
                ),
        ];

    private static string Show(CycleMove move) =>
        move switch
        {
            CycleMove.Begin begin => string.Create(CultureInfo.InvariantCulture, $"begin {begin.Kind} {string.Join(' ', begin.Positions)}"),
            CycleMove.Advance advance => $"advance {advance.Stage}",
            CycleMove.GoBack back => $"{(back.IsRework ? "rework" : "retry")} from {back.Stage}",
            CycleMove.End end => $"{end.Verdict.State}: {end.Verdict.Reason}{(end.Verdict.Escalates ? ", escalates" : "")}",
            _ => "wait",
        };
}
