using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Tests.Runs;

public sealed class RunTitleTests
{
    [Theory]
    [InlineData("do it", "do it")]
    [InlineData("\r\n\n  ## Do it now \r\nand more", "Do it now")]
    [InlineData("#\n##\nthen", "then")]
    [InlineData("C# is # fine", "C# is # fine")]
    [InlineData("#\n##", "# ##")]
    public void Of_Task_IsTheFirstLineThatSaysSomething(string task, string title) => RunTitle.Of(task).Should().Be(title);

    [Fact]
    public void Of_LongLine_IsCut()
    {
        RunTitle.Of(new string('a', 160)).Should().Be(new string('a', 160));
        RunTitle.Of(new string('a', 161)).Should().Be(new string('a', 159) + "…");
    }

    [Fact]
    public void Of_CutFallsIntoACharacter_LeavesNoHalf() =>
        RunTitle.Of(string.Concat(Enumerable.Repeat("😀", 100))).Should().Be(string.Concat(Enumerable.Repeat("😀", 79)) + "…");
}
