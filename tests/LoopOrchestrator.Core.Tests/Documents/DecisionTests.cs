using System.Globalization;
using System.Text.RegularExpressions;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Documents;

/// <summary>Each decision says when it was made, whether it holds, and what else could have been done.</summary>
public sealed partial class DecisionTests
{
    public static TheoryData<string> Decisions() =>
        [
            .. Directory
                .EnumerateFiles(RepositoryFiles.Find("docs/decisions"), "0*.md")
                .Select(static file => Path.GetFileName(file))
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Decisions))]
    public void Decision_HasItsNumber_DateStatusAndAlternatives(string file)
    {
        var match = Head().Match(RepositoryFiles.Read($"docs/decisions/{file}"));

        match
            .Success.Should()
            .BeTrue("it begins with '# NUMBER Title', '- Date: YYYY-MM-DD' and '- Status: accepted' or 'replaced by [NUMBER](FILE)'");
        match.Groups["number"].Value.Should().Be(file[..4]);
        DateOnly
            .TryParseExact(match.Groups["date"].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            .Should()
            .BeTrue();
        match.Groups["rest"].Value.Should().MatchRegex(@"(?m)^\*\*Alternatives\.\*\* \S");
    }

    [Fact]
    public void Index_OfDecisions_HasEachInOrder() =>
        MarkdownFiles.Links(RepositoryFiles.Read("docs/decisions/README.md")).Should().Equal(Decisions().Select(static row => row.Data));

    [GeneratedRegex(
        @"\A# (?<number>\d{4}) \S[^\n]*\n\n- Date: (?<date>\S+)\n- Status: (accepted|replaced by \[\d{4}\]\([^)]+\.md\))\n\n(?<rest>.*)\z",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Head();
}
