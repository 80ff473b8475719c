namespace LoopOrchestrator.Core.Trust;

/// <summary>
/// The commands that stand guard over something: the gates of a workflow or of commits, the <c>onlyIf</c> of a schedule. To take one away
/// executes nothing new, and lets go on what it held up; so whoever has seen it has to see that it is gone.
/// </summary>
/// <param name="Places">Where they stand: whole places, or the begins of places, which end with a dot.</param>
/// <param name="Present">The places of those that are there.</param>
public sealed record TrustedGuards(IReadOnlyList<string> Places, IReadOnlyList<string> Present)
{
    private const char Begin = '.';

    /// <summary>Those of a list that stand here.</summary>
    public IEnumerable<TrustedEntry> In(IEnumerable<TrustedEntry> entries, TrustedKind kind) =>
        entries.Where(entry =>
            entry.Kind == kind
            && Places.Any(place =>
                entry.Place == place || (place.EndsWith(Begin) && entry.Place.StartsWith(place, StringComparison.Ordinal))
            )
        );

    /// <summary>Those of a list that stand here and are not there any more.</summary>
    public IEnumerable<TrustedEntry> Lost(IEnumerable<TrustedEntry> entries, TrustedKind kind) =>
        In(entries, kind).Where(entry => !Present.Contains(entry.Place, StringComparer.Ordinal));
}
