using System.Text.RegularExpressions;

namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>
/// A mode's <c>fileRegex</c> as patterns of the kind that permission rules of agent programs take (those of gitignore(5)). Only forms
/// that mean exactly the same are translated: an extension or several, a folder, or both. Pure.
/// </summary>
internal static partial class EditPatterns
{
    /// <summary>The files that no agent edits with its own tools: they say what is executed, or are this program's and git's own.</summary>
    public static readonly IReadOnlyList<string> Denied =
    [
        "./schedules.json", "./.roo/schedules.json", "./mcp_startup.json", "./.roomodes", "./.loop/**", "./.git/**",
    ];

    /// <summary>The patterns that allow what the expression allows; <see langword="null"/> when it has no exact translation.</summary>
    /// <param name="fileRegex">An expression over the path relative to the workspace, with <c>/</c>, as Roo Code matches it.</param>
    public static IReadOnlyList<string>? Translate(string fileRegex)
    {
        var match = Form().Match(fileRegex);
        if (!match.Success || (!match.Groups["folder"].Success && !match.Groups["end"].Success))
        {
            return null;
        }

        var folder = match.Groups["folder"].Success ? $"./{match.Groups["folder"].Value.Replace("\\", "", StringComparison.Ordinal)}" : "./";
        return match.Groups["end"].Success
            ? [.. match.Groups["end"].Value.Split('|').Select(extension => $"{folder}**/*.{extension}")]
            : [$"{folder}**"];
    }

    // ^docs/ alone, or an extension (\.md$, \.(md|txt)$) with or without ^docs/.* in front of it.
    [GeneratedRegex(
        @"\A(?:\^(?<folder>(?:[A-Za-z0-9_-]+\\?/)+)|(?:\^(?<folder>(?:[A-Za-z0-9_-]+\\?/)+)\.\*)?\\\.(?:(?<end>[A-Za-z0-9]+)|\((?:\?:)?(?<end>[A-Za-z0-9]+(?:\|[A-Za-z0-9]+)*)\))\$)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
