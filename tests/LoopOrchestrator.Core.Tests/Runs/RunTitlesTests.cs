using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Core.Tests.Agents;
using LoopOrchestrator.Core.Tests.Scheduling;

namespace LoopOrchestrator.Core.Tests.Runs;

public sealed class RunTitlesTests
{
    [Theory]
    [InlineData("as it was", "s", "as it was")]
    [InlineData(null, "s", "in force")]
    [InlineData(null, "gone", null)]
    [InlineData(null, null, null)]
    public void OfSchedule_IsTheNameOfThen_AndOfAnOlderRunTheOneInForce(string? title, string? scheduleId, string? expected) =>
        RunTitles
            .OfSchedule(
                TestAgents.Run() with
                {
                    Title = title,
                    ScheduleId = scheduleId,
                },
                [TestSchedules.Every(1, TimeUnit.Day) with { Name = "in force" }]
            )
            .Should()
            .Be(expected);
}
