using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Tests.Text;

public sealed class TextCutTests
{
    [Theory]
    [InlineData("abc", 3, "abc", "abc", "abc")]
    [InlineData("abc", 2, "ab", "bc", "ab…")]
    [InlineData("abc", 0, "", "", "…")]
    [InlineData("abc", -1, "", "", "…")]
    [InlineData("", 5, "", "", "")]
    [InlineData("a😀b", 2, "a", "b", "a…")]
    [InlineData("a😀b", 3, "a😀", "😀b", "a😀…")]
    [InlineData("😀", 1, "", "", "…")]
    public void Cut_AtAnyPlace_LeavesNoHalfCharacter(string text, int length, string head, string tail, string shortened)
    {
        TextCut.Head(text, length).ToString().Should().Be(head);
        TextCut.Tail(text, length).ToString().Should().Be(tail);
        TextCut.Shorten(text, length).Should().Be(shortened);
    }
}
