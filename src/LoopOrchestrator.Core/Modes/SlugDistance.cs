namespace LoopOrchestrator.Core.Modes;

/// <summary>How far a slug that someone wrote is from one that exists.</summary>
internal static class SlugDistance
{
    // Containment is a better guess than many edits but a worse one than a slip of the finger.
    private const int Prefix = 2;
    private const int Containment = 3;
    private const int SharedWord = 4;

    /// <summary>
    /// A rank, smaller is nearer; <see langword="null"/> when the two have nothing to do with each other. Case counts.
    /// </summary>
    public static int? Between(string wanted, string existing)
    {
        var edits = Edits(wanted, existing);
        int? best = edits <= Math.Max(1, Math.Min(wanted.Length, existing.Length) / 3) ? edits : null;
        if (existing.StartsWith(wanted, StringComparison.Ordinal) || wanted.StartsWith(existing, StringComparison.Ordinal))
        {
            best = Math.Min(best ?? Prefix, Prefix);
        }
        else if (existing.Contains(wanted, StringComparison.Ordinal) || wanted.Contains(existing, StringComparison.Ordinal))
        {
            best = Math.Min(best ?? Containment, Containment);
        }
        else if (Words(wanted).Intersect(Words(existing), StringComparer.Ordinal).Any())
        {
            // Among those that share a word, fewer edits are nearer.
            best = Math.Min(best ?? int.MaxValue, SharedWord + edits);
        }

        return best;
    }

    private static string[] Words(string slug) => slug.Split(['-', '_', ' ', '.', '/'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that make one of the other.</summary>
    private static int Edits(string from, string to)
    {
        var beforeLast = new int[to.Length + 1];
        var last = new int[to.Length + 1];
        var current = new int[to.Length + 1];
        for (var column = 0; column <= to.Length; column++)
        {
            last[column] = column;
        }

        for (var row = 1; row <= from.Length; row++)
        {
            current[0] = row;
            for (var column = 1; column <= to.Length; column++)
            {
                var same = from[row - 1] == to[column - 1];
                current[column] = Math.Min(Math.Min(current[column - 1], last[column]) + 1, last[column - 1] + (same ? 0 : 1));
                if (row > 1 && column > 1 && from[row - 1] == to[column - 2] && from[row - 2] == to[column - 1])
                {
                    current[column] = Math.Min(current[column], beforeLast[column - 2] + 1);
                }
            }

            (beforeLast, last, current) = (last, current, beforeLast);
        }

        return last[to.Length];
    }
}
