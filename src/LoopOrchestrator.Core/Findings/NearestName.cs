namespace LoopOrchestrator.Core.Findings;

/// <summary>Finds what somebody who wrote an unknown name probably meant.</summary>
public static class NearestName
{
    // A guess costs the product of both lengths; nobody mistypes a name of this length.
    private const int LongestGuessed = 128;

    /// <summary>The nearest of <paramref name="names"/>; <see langword="null"/> where nothing is near enough to be a slip.</summary>
    public static string? Find(string wanted, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var folded = Fold(wanted);
        if (folded.Length is 0 or > LongestGuessed)
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

    // Case and separators are how the same name differs between programs: runMode, run-mode, run_mode.
    private static string Fold(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();
}
