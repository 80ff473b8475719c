using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Core.Markdown;

/// <summary>
/// The parts of a file that git has left for somebody to decide: two readings of the same lines, between markers. What stands in them is
/// neither the one nor the other.
/// </summary>
internal static class MergeConflicts
{
    private const string Begin = "<<<<<<<";
    private const string End = ">>>>>>>";

    /// <summary>Whether a line is one of the markers; the middle one is a line of equal signs, which headings have too.</summary>
    public static bool IsMarker(string line) => Is(line, Begin) || Is(line, End) || Is(line, "|||||||") || line is "=======";

    /// <summary>Which lines stand in a conflict, its markers included. One without an end goes on to the end of the file.</summary>
    public static bool[] Find(IReadOnlyList<SourceLine> lines)
    {
        var found = new bool[lines.Count];
        var isInside = false;
        for (var index = 0; index < lines.Count; index++)
        {
            isInside |= Is(lines[index].Text, Begin);
            found[index] = isInside;
            isInside &= !Is(lines[index].Text, End);
        }

        return found;
    }

    /// <summary>A finding for each conflict, at its first line.</summary>
    /// <param name="conflicts">What <see cref="Find"/> gave.</param>
    /// <param name="file">The name to show.</param>
    /// <param name="what">What is not done with what stands in it, as a sentence.</param>
    public static IEnumerable<Diagnostic> Diagnose(IReadOnlyList<bool> conflicts, string file, string what)
    {
        for (var index = 0; index < conflicts.Count; index++)
        {
            if (conflicts[index] && (index == 0 || !conflicts[index - 1]))
            {
                var end = index;
                while (end + 1 < conflicts.Count && conflicts[end + 1])
                {
                    end++;
                }

                yield return new Diagnostic(
                    DiagnosticSeverity.Error,
                    file,
                    index + 1,
                    null,
                    $"Lines {index + 1} to {end + 1} are a merge conflict that nobody has decided. {what} Keep one side and remove the "
                        + "lines of <, = and >."
                );
            }
        }
    }

    private static bool Is(string line, string marker) =>
        line.StartsWith(marker, StringComparison.Ordinal) && (line.Length == marker.Length || line[marker.Length] == ' ');
}
