using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Tests.Agents;

namespace LoopOrchestrator.Core.Tests.Escalations;

public sealed class EscalationRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Every end there is, with what it says of its step.</summary>
    public static TheoryData<RunState, RunFailure, string> Ends() =>
        [
            .. from state in Enum.GetValues<RunState>().Where(static state => state.HasEnded())
            from failure in Enum.GetValues<RunFailure>()
            select new TheoryDataRow<RunState, RunFailure, string>(
                state,
                failure,
                (
                    state switch
                    {
                        RunState.Succeeded => StepEnd.Succeeded,
                        RunState.TimedOut => StepEnd.Failed,
                        RunState.Failed when failure is RunFailure.UsageLimit or RunFailure.Recording => StepEnd.SaysNothing,
                        RunState.Failed => StepEnd.Failed,
                        _ => StepEnd.SaysNothing,
                    }
                ).ToString()
            ),
        ];

    [Theory]
    [MemberData(nameof(Ends))]
    public void Judge_EveryEnd_CountsFailuresOfTheWorkOnly(RunState state, RunFailure failure, string said) =>
        EscalationRules.Judge(TestAgents.Run(), new RunEnd(state, Now, "so it ended") { Failure = failure }).ToString().Should().Be(said);

    [Theory]
    [InlineData(RunState.Succeeded)]
    [InlineData(RunState.Failed)]
    public void Judge_AStepOfACycle_SaysNothing(RunState state) =>
        EscalationRules.Judge(TestAgents.Run() with { CycleId = "run-c" }, new RunEnd(state, Now, "")).Should().Be(StepEnd.SaysNothing);

    [Fact]
    public void Judge_ASuccessThatNobodySaw_SaysNothing()
    {
        var unverified = TestAgents.Run() with { IsUnverified = true };

        EscalationRules.Judge(unverified, new RunEnd(RunState.Succeeded, Now, "")).Should().Be(StepEnd.SaysNothing);
        EscalationRules.Judge(unverified, new RunEnd(RunState.Failed, Now, "")).Should().Be(StepEnd.Failed);
    }

    [Fact]
    public void Reason_OfAnEscalation_NamesTheWorkAndItsLastEnd()
    {
        var end = new RunEnd(RunState.TimedOut, Now, "its time was over");

        EscalationRules
            .Reason(TestAgents.Run() with { ScheduleId = "nightly" }, end, 3)
            .Should()
            .Be("schedule 'nightly' failed 3 time(s) in a row; the last time: timed_out, its time was over");
        EscalationRules
            .Reason(TestAgents.Run("fix it"), end, 1)
            .Should()
            .Be("\"fix it\" in mode code failed 1 time(s) in a row; the last time: timed_out, its time was over");
    }

    [Fact]
    public void Note_Blank_IsRefused()
    {
        EscalationRules.Note(" mended ").Should().Be("mended");
        FluentActions.Invoking(static () => EscalationRules.Note("\t")).Should().Throw<UserErrorException>().WithMessage("*note is empty*");
    }
}
