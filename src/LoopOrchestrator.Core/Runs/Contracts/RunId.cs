namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>
/// Ids of runs: they sort by time, can be read aloud, and are one safe path segment, such as <c>run-20260102-030405-1a2b3c4d</c>.
/// </summary>
public static class RunId
{
    /// <summary>How many characters an id of ours has.</summary>
    public const int Length = 28;

    /// <summary>What each of them begins with.</summary>
    public const string Prefix = "run-";

    /// <summary>A new id. 32 random bits beside the second keep ids of several processes apart; the store refuses a repeat.</summary>
    /// <param name="now">The moment.</param>
    /// <param name="chance">Where the random bits come from.</param>
    public static string Create(DateTimeOffset now, Random chance)
    {
        ArgumentNullException.ThrowIfNull(chance);
        return $"{Prefix}{now.UtcDateTime:yyyyMMdd-HHmmss}-{(uint)chance.NextInt64(1L << 32):x8}";
    }

    /// <summary>Whether a text can be a run id at all: so that a caller's argument never becomes a path by accident.</summary>
    public static bool IsWellFormed(string? text) =>
        text is { Length: > 4 and <= 64 }
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
