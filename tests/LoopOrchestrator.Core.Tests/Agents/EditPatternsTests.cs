using LoopOrchestrator.Core.Agents.Presets;

namespace LoopOrchestrator.Core.Tests.Agents;

public sealed class EditPatternsTests
{
    [Theory]
    [InlineData(@"\.md$", "./**/*.md")]
    [InlineData(@"\.(md|txt)$", "./**/*.md ./**/*.txt")]
    [InlineData(@"\.(?:md|mdx)$", "./**/*.md ./**/*.mdx")]
    [InlineData(@"^docs/", "./docs/**")]
    [InlineData(@"^docs\/", "./docs/**")]
    [InlineData(@"^docs/guides/.*\.md$", "./docs/guides/**/*.md")]
    public void Translate_FormWithTheSameMeaning_GivesPatterns(string regex, string patterns) =>
        EditPatterns.Translate(regex)!.Select(static pattern => pattern.ToGitIgnore()).Should().Equal(patterns.Split(' '));

    [Theory]
    [InlineData("")]
    [InlineData(".*")]
    [InlineData(@"\.md")]
    [InlineData(@".md$")]
    [InlineData(@"^docs")]
    [InlineData(@"docs/")]
    [InlineData(@"^docs/.*")]
    [InlineData(@"^docs/\.md$")]
    [InlineData(@"^docs/\.md$x")]
    [InlineData(@"README\.md$")]
    [InlineData(@"^(?!secret).*\.md$")]
    [InlineData("\\.md$\n")]
    public void Translate_AnyOtherForm_GivesNone(string regex) => EditPatterns.Translate(regex).Should().BeNull();
}
