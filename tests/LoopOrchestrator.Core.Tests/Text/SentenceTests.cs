using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Tests.Text;

public sealed class SentenceTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a merge", "A merge")]
    [InlineData("ä", "Ä")]
    [InlineData("3 files", "3 files")]
    public void Begin_Phrase_HasItsFirstLetterLarge(string phrase, string expected) => Sentence.Begin(phrase).Should().Be(expected);
}
