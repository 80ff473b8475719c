namespace LoopOrchestrator.Core.Trust;

/// <summary>What a person has seen of a workspace, as it is kept outside of it.</summary>
/// <param name="Version">The form of the record.</param>
/// <param name="Workspace">The workspace's folder, for people.</param>
/// <param name="Digest">The digest over the entries: a record that was cut or edited does not count.</param>
/// <param name="At">When it was seen, or adopted.</param>
/// <param name="Adopted">
/// Whether nobody looked: the word was given to a version that kept no list, and what was there at the next start counts.
/// </param>
/// <param name="Entries">What was seen.</param>
/// <param name="Earlier">The digests of commands of workflows that were seen before: cycles that began with them go on.</param>
internal sealed record TrustRecord(
    int Version,
    string Workspace,
    string Digest,
    DateTimeOffset At,
    bool Adopted,
    IReadOnlyList<TrustedEntry> Entries,
    IReadOnlyList<string> Earlier
)
{
    public const int Newest = 1;

    private const int MaxEarlier = 200;

    private TrustedList? _list;

    /// <summary>The entries as a list.</summary>
    internal TrustedList List => _list ??= new TrustedList(Entries);

    /// <summary>The record of a list that takes the place of another record.</summary>
    public static TrustRecord Of(string workspace, TrustedList list, DateTimeOffset at, bool adopted, TrustRecord? before)
    {
        var now = list.Entries.Select(static entry => entry.Digest).ToHashSet(StringComparer.Ordinal);
        var earlier = before
            ?.Entries.Where(static entry => entry.Kind is TrustedKind.Gate or TrustedKind.Sync or TrustedKind.StepAgent)
            .Select(static entry => entry.Digest)
            .Concat(GuardsBefore(list, before))
            .Concat(before.Earlier)
            .Distinct(StringComparer.Ordinal)
            .Where(digest => !now.Contains(digest))
            .Take(MaxEarlier);
        return new TrustRecord(Newest, workspace, list.Digest, at, adopted, list.Entries, [.. earlier ?? []]);
    }

    // A cycle that began before a gate was added goes on without it.
    private static IEnumerable<string> GuardsBefore(TrustedList list, TrustRecord before) =>
        from entry in list.Implied
        where entry.Kind == TrustedKind.Gate
        let guards = entry.Guards
        where guards is not null
        let places = guards.In(before.Entries, entry.Kind).Select(static gate => gate.Place).ToList()
        let then = TrustedEntry.OfGuards(entry.Kind, entry.Place, guards with { Present = places })
        where then.Digest != entry.Digest
        select then.Digest;
}
