using System.Text.RegularExpressions;

namespace LoopOrchestrator.Mcp.Tests.Contracts;

/// <summary>Tables of our documents, for tests that compare them with the code.</summary>
internal static class MarkdownTable
{
    /// <summary>
    /// The cells of each row below the head of the first table behind a heading; no row where there is no table before the next heading.
    /// </summary>
    public static IReadOnlyList<string[]> Rows(string document, string heading)
    {
        var lines = document.Split('\n');
        var start = Array.IndexOf(lines, heading);
        return start < 0
            ? throw new InvalidDataException($"there is no heading {heading}")
            :
            [
                .. lines
                    .Skip(start + 1)
                    .TakeWhile(static line => !line.StartsWith('#'))
                    .SkipWhile(static line => !line.StartsWith('|'))
                    .TakeWhile(static line => line.StartsWith('|'))
                    .Skip(2)
                    .Select(Cells),
            ];
    }

    private static string[] Cells(string row) =>
        [
            .. Regex
                .Split(row.Trim().Trim('|'), @"(?<!\\)\|", RegexOptions.None, TimeSpan.FromSeconds(10))
                .Select(static cell => cell.Trim().Replace(@"\|", "|", StringComparison.Ordinal)),
        ];
}
