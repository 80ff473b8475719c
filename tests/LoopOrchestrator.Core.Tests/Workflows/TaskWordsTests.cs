using LoopOrchestrator.Core.Workflows.Planning;

namespace LoopOrchestrator.Core.Tests.Workflows;

public sealed class TaskWordsTests
{
    [Theory]
    [InlineData("cache", "caches", "cached", "caching")]
    [InlineData("stop", "stops", "stopped", "stopping")]
    [InlineData("add", "adds", "added", "adding")]
    [InlineData("control", "controls", "controlled", "controlling")]
    [InlineData("fix", "fixes", "fixed", "fixing")]
    [InlineData("query", "queries")]
    [InlineData("crash", "crashes", "crashed", "crashing")]
    [InlineData("test", "tests", "tested", "testing")]
    public void Stem_FormsOfAWord_AreOne(params string[] forms) =>
        forms.Select(TaskWords.Stem).Distinct(StringComparer.Ordinal).Should().ContainSingle();

    [Theory]
    [InlineData("add", "address")]
    [InlineData("port", "report")]
    [InlineData("test", "contest")]
    [InlineData("user", "use")]
    [InlineData("process", "processor")]
    [InlineData("string", "strong")]
    [InlineData("need", "new")]
    public void Stem_OtherWords_StayApart(string one, string other) => TaskWords.Stem(one).Should().NotBe(TaskWords.Stem(other));

    [Fact]
    public void Of_Text_GivesWordsThatSayAnythingOnceEach() =>
        TaskWords
            .Of("The user's START-UP is slow; it starts in 12 s, I/O is slow.")
            .Select(word => word.Word)
            .Should()
            .Equal("user", "start", "startup", "slow");

    [Fact]
    public void Of_OtherScripts_AreWordsToo() =>
        TaskWords.Of("Größe prüfen, 速度").Select(word => word.Word).Should().Equal("größe", "prüfen", "速度");

    [Theory]
    [InlineData("")]
    [InlineData("--- '' ' 123 _")]
    public void Of_NoWords_IsEmpty(string text) => TaskWords.Of(text).Should().BeEmpty();
}
