using System.Globalization;

namespace LoopOrchestrator.Core.Commits;

/// <summary>How many lines of a file came and went, as <c>git diff --numstat</c> counts.</summary>
/// <param name="Added">Lines that came.</param>
/// <param name="Removed">Lines that went.</param>
/// <param name="IsBinary">Whether it has no lines.</param>
internal readonly record struct LineCount(int Added, int Removed, bool IsBinary)
{
    /// <summary>Reads what <c>-z</c> writes, by the path from the top of the work tree.</summary>
    public static Dictionary<string, LineCount> ReadAll(IEnumerable<string> parts)
    {
        var counts = new Dictionary<string, LineCount>(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            if (part.Split('\t', 3) is [var added, var removed, var path])
            {
                counts[path] =
                    added == "-"
                        ? new LineCount(0, 0, true)
                        : new LineCount(
                            int.Parse(added, CultureInfo.InvariantCulture),
                            int.Parse(removed, CultureInfo.InvariantCulture),
                            false
                        );
            }
        }

        return counts;
    }
}
