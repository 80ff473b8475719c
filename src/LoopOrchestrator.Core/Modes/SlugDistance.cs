using LoopOrchestrator.Core.Findings;

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

    private static string[] Words(string slug) => slug.Split(['-', '_', ' ', '.', '/'], StringSplitOptions.RemoveEmptyEntries);
}
