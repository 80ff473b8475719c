using System.Text.RegularExpressions;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Documents;

/// <summary>The Markdown files of the repository, with what is in code taken out.</summary>
internal static partial class MarkdownFiles
{
    private static readonly HashSet<string> Foreign = new(StringComparer.Ordinal) { "artifacts", "bin", "obj", "node_modules", "Fixtures" };

    /// <summary>Paths from the repository's folder, with <c>/</c>.</summary>
    public static IEnumerable<string> All() =>
        Below(RepositoryFiles.Root).Select(static file => Path.GetRelativePath(RepositoryFiles.Root, file).Replace('\\', '/'));

    /// <summary>The goals of the links in a text, without those to other sites.</summary>
    public static IEnumerable<string> Links(string text) =>
        Link()
            .Matches(Code().Replace(text, ""))
            .Select(static match => match.Groups["goal"].Value)
            .Where(static goal => !goal.Contains(':', StringComparison.Ordinal));

    /// <summary>The names under which the headings of a text can be linked to, as GitHub makes them.</summary>
    public static IEnumerable<string> Anchors(string text) =>
        Heading()
            .Matches(Fence().Replace(text, ""))
            .Select(static match => NoAnchor().Replace(match.Groups["text"].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    private static IEnumerable<string> Below(string folder) =>
        Directory
            .EnumerateFiles(folder, "*.md")
            .Concat(
                Directory
                    .EnumerateDirectories(folder)
                    .Where(static inner => !Path.GetFileName(inner).StartsWith('.') && !Foreign.Contains(Path.GetFileName(inner)))
                    .SelectMany(Below)
            );

    [GeneratedRegex(@"\]\((?<goal>[^)\s]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Link();

    [GeneratedRegex(
        "^```.*?^```|`[^`\n]*`",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Code();

    [GeneratedRegex(
        "^```.*?^```",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Fence();

    [GeneratedRegex(@"^#{1,6} (?<text>[^\n]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex NoAnchor();
}
