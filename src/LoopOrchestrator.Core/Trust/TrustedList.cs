namespace LoopOrchestrator.Core.Trust;

/// <summary>All that trust in a workspace is about, at one moment. Immutable.</summary>
public sealed class TrustedList
{
    private readonly Dictionary<(TrustedKind Kind, string Place), TrustedEntry> _byPlace = [];

    /// <summary>Makes a list.</summary>
    /// <param name="entries">What is in it. Of two of one kind and place the first counts, and the other is covered by no list.</param>
    public TrustedList(IEnumerable<TrustedEntry> entries)
    {
        var all = entries.ToList();
        Entries = [.. all.Where(static entry => !entry.IsImplied)];
        Implied = [.. all.Where(static entry => entry.IsImplied)];
        foreach (var entry in Entries)
        {
            _byPlace.TryAdd((entry.Kind, entry.Place), entry);
        }

        Digest = DigestOf(Entries);
    }

    /// <summary>The entries, in the order of the files.</summary>
    public IReadOnlyList<TrustedEntry> Entries { get; }

    /// <summary>What follows from the entries and from this program itself.</summary>
    public IReadOnlyList<TrustedEntry> Implied { get; }

    /// <summary>The digest over all entries, whatever their order.</summary>
    public string Digest { get; }

    /// <summary>The digest over entries, whatever their order.</summary>
    public static string DigestOf(IEnumerable<TrustedEntry> entries) =>
        TrustDigest.Of([.. entries.Select(static entry => entry.Digest).Order(StringComparer.Ordinal)]);

    /// <summary>The entry of that kind at that place.</summary>
    public TrustedEntry? Find(TrustedEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return _byPlace.GetValueOrDefault((entry.Kind, entry.Place));
    }

    /// <summary>Which guards stand now at the place of an entry that says which there are.</summary>
    internal TrustedEntry? GuardsOf(TrustedEntry entry) =>
        Implied.FirstOrDefault(one => one.Guards is not null && (one.Kind, one.Place) == (entry.Kind, entry.Place));

    /// <summary>Whether whoever said yes to this list has said yes to an entry: the same, or something that allows no more.</summary>
    public bool Covers(TrustedEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Guards is { } guards)
        {
            return !guards.Lost(Entries, entry.Kind).Any();
        }

        var own = Find(entry);
        return entry.Kind switch
        {
            TrustedKind.ModeGroups => CoversGroups(own?.Values ?? entry.Always ?? [], entry.Values!),
            TrustedKind.ModeAgent or TrustedKind.DefaultAgent or TrustedKind.StepAgent when entry.Values is [TrustedEntry.NoProgram] =>
                true,

            // Which agent a mode has in effect: its own, else the default.
            TrustedKind.ModeAgent => (own ?? Default)?.Values?[0] == entry.Values![0],
            _ => own?.Digest == entry.Digest,
        };
    }

    /// <summary>What differs from an earlier list.</summary>
    public TrustDifference Since(TrustedList earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        var pairs = Entries.Select(entry => (Before: earlier.Find(entry), Now: entry)).ToList();

        // What takes the place of something that was removed, where it allows more: the built-in mode behind a narrower one.
        var behind = Implied.Where(entry => entry.Guards is null && earlier.Find(entry) is not null && !earlier.Covers(entry)).ToList();
        return new TrustDifference(
            [.. pairs.Where(static pair => pair.Before is null).Select(static pair => pair.Now)],
            [
                .. pairs
                    .Where(static pair => pair.Before is not null && pair.Before.Digest != pair.Now.Digest)
                    .Select(static pair => new ChangedEntry(pair.Before!, pair.Now)),
                .. behind.Select(entry => new ChangedEntry(earlier.Find(entry)!, entry)),
            ],
            [
                .. earlier.Entries.Where(entry =>
                    Find(entry) is null && !behind.Exists(other => (other.Kind, other.Place) == (entry.Kind, entry.Place))
                ),
            ]
        );
    }

    private TrustedEntry? Default => Entries.FirstOrDefault(static entry => entry.Kind == TrustedKind.DefaultAgent);

    // A group is "edit", or "edit:" and the pattern of the files; without a pattern it allows what any pattern does.
    private static bool CoversGroups(IReadOnlyList<string> seen, IReadOnlyList<string> groups) =>
        groups.All(group => seen.Contains(group, StringComparer.Ordinal) || seen.Contains(group.Split(':', 2)[0], StringComparer.Ordinal));
}
