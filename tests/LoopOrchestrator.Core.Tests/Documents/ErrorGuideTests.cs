using System.Text.RegularExpressions;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Documents;

/// <summary>Each message that docs/errors.md quotes is one that the program gives.</summary>
public sealed partial class ErrorGuideTests
{
    // Between two fixed parts of a message there is at most this much of an expression.
    private const int MaxHoleLength = 400;

    // The names of tools stand in sentences as constants.
    private static readonly IReadOnlyList<(string Hole, string Name)> Tools =
    [
        .. typeof(ToolNames)
            .GetFields()
            .Where(static field => field.IsLiteral && field.Name != nameof(ToolNames.Mark))
            .Select(static field => ($"{{ToolNames.{field.Name}}}", ToolNames.Plain((string)field.GetRawConstantValue()!))),
    ];

    private static readonly IReadOnlyList<string> Sources =
    [
        .. Directory
            .EnumerateFiles(RepositoryFiles.Find("src"), "*.cs", SearchOption.AllDirectories)
            .Select(static file => Joined(File.ReadAllText(file))),
    ];

    public static TheoryData<string> Messages() =>
        [
            .. RepositoryFiles
                .Read("docs/errors.md")
                .Split('\n')
                .Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
                .Select(static line => line.Split('`')[1]),
        ];

    [Fact]
    public void Guide_HasRows_EachWithReasonAndAdvice()
    {
        var rows = RepositoryFiles
            .Read("docs/errors.md")
            .Split('\n')
            .Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
            .ToList();

        rows.Should().HaveCountGreaterThan(30).And.OnlyHaveUniqueItems();
        rows.Should()
            .OnlyContain(static row =>
                row.Trim('|').Split('|').Length == 3 && row.Trim('|').Split('|').All(static cell => cell.Trim().Length > 0)
            );
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Message_OfTheGuide_IsInTheSources(string message) =>
        IsGiven(message, Sources).Should().BeTrue("another text in the sources needs another one in the guide");

    [Theory]
    [InlineData("Nothing of this kind exists in … files")]
    [InlineData("the workspace '…' is the root of the file systems")]
    [InlineData("is your home folder, which is never one … the workspace '")]
    [InlineData("… …")]
    public void Message_MadeUp_IsNotFound(string message) => IsGiven(message, Sources).Should().BeFalse();

    [Fact]
    public void Message_OverSeveralLines_IsFound() =>
        IsGiven("one … three four, and five", [Joined("throw new E($\"one {two} \"\n    + $\"three \"\n    + \"four, and five\");")])
            .Should()
            .BeTrue();

    private static bool IsGiven(string message, IReadOnlyList<string> sources)
    {
        var parts = message.Split('…').Select(static part => part.Trim()).Where(static part => part.Length > 0).ToList();
        var pattern = string.Join($".{{0,{MaxHoleLength}}}?", parts.Select(Regex.Escape));
        return parts.Exists(static part => part.Length >= 12)
            && sources.Any(source => Regex.IsMatch(source, pattern, RegexOptions.Singleline, TimeSpan.FromSeconds(10)));
    }

    private static string Joined(string source) =>
        Tools.Aggregate(Concatenation().Replace(source, "").Replace("\\\"", "\"", StringComparison.Ordinal), static (text, tool) =>
            text.Replace(tool.Hole, tool.Name, StringComparison.Ordinal)
        );

    [GeneratedRegex("(?<!\\\\)\"\\s*\\+\\s*\\$?\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Concatenation();
}
