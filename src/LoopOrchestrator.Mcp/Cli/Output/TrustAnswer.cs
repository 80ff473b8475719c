using LoopOrchestrator.Core.Trust;

namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>What <c>trust --json</c> prints.</summary>
/// <param name="Workspace">The workspace's folder.</param>
/// <param name="Recorded">Whether a list is recorded now.</param>
/// <param name="Adopted">Whether nobody has looked: the word was given to an earlier version, and the record was made at a start.</param>
/// <param name="Digest">The digest over the list.</param>
/// <param name="Entries">The list as the files have it.</param>
/// <param name="Removed">What was in the recorded list and is not there any more.</param>
internal sealed record TrustAnswer(
    string Workspace,
    bool Recorded,
    bool Adopted,
    string Digest,
    IReadOnlyList<TrustAnswer.Listed> Entries,
    IReadOnlyList<TrustAnswer.Listed> Removed
)
{
    /// <param name="before">The list that was recorded until now; <see langword="null"/> for none.</param>
    public static TrustAnswer From(string workspace, TrustedList now, TrustedList? before, bool isRecorded, bool adopted)
    {
        var difference = before is null ? null : now.Since(before);
        var was = difference?.Changed.ToDictionary(static pair => pair.Now, static pair => pair.Before.Text) ?? [];
        var added = difference?.Added.ToHashSet() ?? [];
        return new(
            workspace,
            isRecorded,
            adopted,
            now.Digest,
            [
                .. now
                    .Entries.Concat(was.Keys.Where(static entry => entry.IsImplied))
                    .Select(entry => List(entry, State(entry), was.GetValueOrDefault(entry))),
            ],
            [.. (difference?.Removed ?? []).Select(static entry => List(entry, null, null))]
        );

        static Listed List(TrustedEntry entry, string? state, string? was) => new(entry.Kind.Name(), entry.Place, entry.Text, state, was);

        string? State(TrustedEntry entry) =>
            difference is null ? null
            : added.Contains(entry) ? "new"
            : was.ContainsKey(entry) ? "changed"
            : "seen";
    }

    /// <summary>One of the list.</summary>
    /// <param name="State"><c>seen</c>, <c>new</c> or <c>changed</c> since it was recorded; absent where nothing was recorded.</param>
    /// <param name="Before">What a changed one was.</param>
    internal sealed record Listed(string Kind, string Place, string Text, string? State, string? Before);
}
