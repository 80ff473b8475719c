using System.Text.RegularExpressions;
using LoopOrchestrator.Core.Modes;

namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>
/// A mode's <c>fileRegex</c> as what the permission rules of agent programs can say. Only forms that mean exactly the same are translated:
/// an extension or several, a folder, or both. Pure.
/// </summary>
internal static partial class EditPatterns
{
    /// <summary>
    /// The files that a mode allows to edit, when all of its expressions have an exact translation; else <see langword="null"/>.
    /// </summary>
    public static IReadOnlyList<EditPattern>? Of(Mode mode)
    {
        var patterns = new List<EditPattern>();
        foreach (var group in mode.Groups.Where(static group => group.Name == ModeGroup.Edit))
        {
            if (group.FileRegex is null || Translate(group.FileRegex) is not { } translated)
            {
                return null;
            }

            patterns.AddRange(translated);
        }

        return patterns.Count > 0 ? patterns : null;
    }

    /// <summary>What allows what the expression allows; <see langword="null"/> when it has no exact translation.</summary>
    /// <param name="fileRegex">An expression over the path relative to the workspace, with <c>/</c>, as Roo Code matches it.</param>
    public static IReadOnlyList<EditPattern>? Translate(string fileRegex)
    {
        var match = Form().Match(fileRegex);
        if (!match.Success || (!match.Groups["folder"].Success && !match.Groups["end"].Success))
        {
            return null;
        }

        var folder = match.Groups["folder"].Value.Replace("\\", "", StringComparison.Ordinal);
        return match.Groups["end"].Success
            ? [.. match.Groups["end"].Value.Split('|').Select(extension => new EditPattern(folder, extension))]
            : [new EditPattern(folder, Extension: null)];
    }

    // ^docs/ alone, or an extension (\.md$, \.(md|txt)$) with or without ^docs/.* in front of it.
    [GeneratedRegex(
        @"\A(?:\^(?<folder>(?:[A-Za-z0-9_-]+\\?/)+)|(?:\^(?<folder>(?:[A-Za-z0-9_-]+\\?/)+)\.\*)?"
            + @"\\\.(?:(?<end>[A-Za-z0-9]+)|\((?:\?:)?(?<end>[A-Za-z0-9]+(?:\|[A-Za-z0-9]+)*)\))\$)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Form();
}
