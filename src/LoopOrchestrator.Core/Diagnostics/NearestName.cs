namespace LoopOrchestrator.Core.Diagnostics;

/// <summary>Finds what somebody who wrote an unknown name probably meant.</summary>
public static class NearestName
{
    // A guess costs the product of both lengths; nobody mistypes a name of this length.
    private const int MaxGuessedLength = 128;

    // From this length on two letters may be wrong.
    private const int LongName = 8;

    // Of ranks that are no edits: containment is a better guess than many edits but a worse one than a slip of the finger.
    private const int Prefix = 2;
    private const int Containment = 3;
    private const int SharedWord = 4;

    private static readonly char[] WordSeparators = ['-', '_', ' ', '.', '/'];

    /// <summary>The nearest of <paramref name="names"/>; <see langword="null"/> where nothing is near enough to be a slip.</summary>
    public static string? Find(string wanted, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var folded = Fold(wanted);
        if (folded.Length is 0 or > MaxGuessedLength)
        {
            return null;
        }

        var (best, distance) = names
            .Select(name => (Name: name, Distance: EditDistance.Between(folded, Fold(name))))
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return best is not null && distance <= Math.Max(2, best.Length / 3) ? best : null;
    }

    /// <summary>
    /// Of <paramref name="names"/> the one that <paramref name="wanted"/> is a slip of: another case or separator, one letter, or two where
    /// it is long. Closer than <see cref="Find"/>, for what is otherwise taken for a name of somebody else's.
    /// </summary>
    public static string? FindSlip(string wanted, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var folded = Fold(wanted);
        return folded.Length is 0 or > MaxGuessedLength
            ? null
            : names
                .Select(name => (Name: name, Distance: EditDistance.Between(folded, Fold(name))))
                .Where(candidate => candidate.Distance <= (folded.Length < LongName ? 1 : 2))
                .OrderBy(static candidate => candidate.Distance)
                .ThenBy(static candidate => candidate.Name, StringComparer.Ordinal)
                .Select(static candidate => candidate.Name)
                .FirstOrDefault();
    }

    /// <summary>
    /// The names that somebody may have meant who wrote a part of one, or one like it: the likeliest first, otherwise by alphabet. Case
    /// does
    /// not count.
    /// </summary>
    /// <param name="wanted">What was written; may be anything.</param>
    /// <param name="names">The names there are.</param>
    /// <param name="max">How many at most; none when not positive.</param>
    public static IReadOnlyList<string> Rank(string wanted, IEnumerable<string> names, int max)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var lower = wanted.Trim().ToLowerInvariant();
        if (max <= 0 || lower.Length is 0 or > MaxGuessedLength)
        {
            return [];
        }

        return
        [
            .. names
                .Select(name => (Name: name, Rank: RankOf(lower, name.ToLowerInvariant())))
                .Where(static candidate => candidate.Rank is not null)
                .OrderBy(static candidate => candidate.Rank)
                .ThenBy(static candidate => candidate.Name, StringComparer.Ordinal)
                .Take(max)
                .Select(static candidate => candidate.Name),
        ];
    }

    // Smaller is nearer; null where the two have nothing to do with each other.
    private static int? RankOf(string wanted, string existing)
    {
        var edits = EditDistance.Between(wanted, existing);
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

    private static string[] Words(string name) => name.Split(WordSeparators, StringSplitOptions.RemoveEmptyEntries);

    // Case and separators are how the same name differs between programs: runMode, run-mode, run_mode.
    private static string Fold(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();
}
