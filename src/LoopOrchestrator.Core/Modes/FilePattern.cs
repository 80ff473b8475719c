using System.Text.RegularExpressions;

namespace LoopOrchestrator.Core.Modes;

/// <summary>The files that a mode may change, by the patterns of its groups <c>edit</c>.</summary>
internal static class FilePattern
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The pattern of a mode; <see langword="null"/> where it has none: it may then change every file, or has no group <c>edit</c>.
    /// </summary>
    /// <param name="mode">The mode.</param>
    public static string? Of(Mode mode)
    {
        ArgumentNullException.ThrowIfNull(mode);
        var patterns = mode.Groups.Where(static group => group.Name == ModeGroup.Edit).Select(static group => group.FileRegex).ToList();
        return patterns.Count == 0 || patterns.Any(string.IsNullOrEmpty) ? null
            : patterns.Count == 1 ? patterns[0]
            : string.Join('|', patterns.Select(static pattern => $"(?:{pattern})"));
    }

    /// <summary>Those of some files that a pattern does not match anywhere in their path.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="paths">Paths relative to the workspace, with forward slashes.</param>
    /// <returns>The files; <see langword="null"/> where the pattern does not compile, or takes longer than a second for a path, so that
    /// nothing can be said.</returns>
    public static IReadOnlyList<string>? Outside(string pattern, IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(paths);
        try
        {
            var regex = new Regex(pattern, RegexOptions.CultureInvariant, TimeLimit);
            return [.. paths.Where(path => !regex.IsMatch(path))];
        }
        catch (Exception exception) when (exception is ArgumentException or RegexMatchTimeoutException)
        {
            return null;
        }
    }
}
