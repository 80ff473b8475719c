namespace LoopOrchestrator.Core.Trust;

/// <summary>What differs between two lists.</summary>
/// <param name="Added">What is in the later one only.</param>
/// <param name="Changed">
/// What is in both and is not the same; of something that was removed, what takes its place where that allows more.
/// </param>
/// <param name="Removed">What is in the earlier one only.</param>
public sealed record TrustDifference(
    IReadOnlyList<TrustedEntry> Added,
    IReadOnlyList<ChangedEntry> Changed,
    IReadOnlyList<TrustedEntry> Removed
)
{
    /// <summary>Whether nothing differs.</summary>
    public bool IsEmpty => Added.Count + Changed.Count + Removed.Count == 0;
}
