using System.Text.RegularExpressions;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Architecture;

/// <summary>What tests may not leave open.</summary>
public sealed partial class TestSourceTests
{
    [Fact]
    public void UserErrors_InTests_AreExpectedWithTheirWords() =>
        Directory
            .EnumerateFiles(RepositoryFiles.Find("tests"), "*.cs", SearchOption.AllDirectories)
            .Where(static file => Path.GetFileName(file) != $"{nameof(TestSourceTests)}.cs")
            .SelectMany(static file => WithoutWords(File.ReadAllText(file)).Select(found => $"{Path.GetFileName(file)}: {found}"))
            .Should()
            .BeEmpty("a user error of another kind would pass as well");

    [Theory]
    [InlineData("call.Should().Throw<UserErrorException>();", true)]
    [InlineData("await call.Should().ThrowAsync<UserErrorException>(\"of the limit\");", true)]
    [InlineData("call.Should().Throw<UserErrorException>().WithMessage(\"*limit*\");", false)]
    [InlineData("(await call.Should().ThrowAsync<UserErrorException>()).Which.Message.Should().Be(\"no\");", false)]
    public void WithoutWords_MadeUp_IsFound(string text, bool isFound) => WithoutWords(text).Any().Should().Be(isFound);

    private static IEnumerable<string> WithoutWords(string text) => Open().Matches(text).Select(static match => match.Value);

    [GeneratedRegex(
        """Throw(?:Exactly)?(?:Async)?<UserErrorException>\((?:"[^"\n]*")?\);""",
        RegexOptions.None,
        matchTimeoutMilliseconds: 5000
    )]
    private static partial Regex Open();
}
