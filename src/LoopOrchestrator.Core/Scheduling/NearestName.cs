namespace LoopOrchestrator.Core.Scheduling;

/// <summary>Guesses which of some names was meant.</summary>
internal static class NearestName
{
    private const int LongestGuessed = 64;

    /// <summary>The name with the fewest edits from <paramref name="written"/>, case not counted; <see langword="null"/> when none is near.</summary>
    public static string? Of(string written, IEnumerable<string> names)
    {
        if (written.Length is 0 or > LongestGuessed)
        {
            return null;
        }

        var best = names
            .Select(name => (Name: name, Distance: Distance(written.ToUpperInvariant(), name.ToUpperInvariant())))
            .OrderBy(candidate => candidate.Distance)
            .FirstOrDefault((Name: "", Distance: int.MaxValue));
        return best.Distance <= Math.Max(1, Math.Max(written.Length, best.Name.Length) / 2) ? best.Name : null;
    }

    private static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var current = new int[right.Length + 1];
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[^1];
    }
}
