using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Tests.Workflows.Definition;

public sealed class TaskTemplateTests
{
    [Fact]
    public void Fill_PutsEachIn_AndLooksAtNothingTwice() =>
        TaskTemplate
            .Fill("{task} | {cycle} | {schedule} | {{task}} | { \"a\": 1 } | {other}", "do {cycle} {{schedule}}", "c1", "s1")
            .Should()
            .Be("do {cycle} {{schedule}} | c1 | s1 | {task} | { \"a\": 1 } | {other}");

    [Fact]
    public void Fill_WithoutASchedule_LeavesNothingInItsPlace() => TaskTemplate.Fill("a{schedule}b", "t", "c", null).Should().Be("ab");

    [Fact]
    public void Unknown_NamesEachOnce_AndNotWhatIsDoubled() =>
        TaskTemplate.Unknown("{task} {x} {x} {{y}} {Task} {} { z }").Should().Equal("x", "Task");
}
