namespace LoopOrchestrator.Mcp.Tools;

/// <summary>Finds what a caller probably meant.</summary>
internal static class NearestName
{
    /// <returns>The nearest of <paramref name="names"/>, or <see langword="null"/> where nothing is near enough to be a slip.</returns>
    public static string? Find(string wanted, IEnumerable<string> names)
    {
        var (best, distance) = names
            .Select(name => (Name: name, Distance: Distance(Fold(wanted), Fold(name))))
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return best is not null && distance <= Math.Max(2, best.Length / 3) ? best : null;
    }

    /// <summary>Case and separators are how the same name differs between clients: runMode, run-mode, run_mode.</summary>
    private static string Fold(string name) =>
        string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    private static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var current = new int[right.Length + 1];
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substitution = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                current[j] = Math.Min(substitution, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[right.Length];
    }
}
