namespace LoopOrchestrator.Core.Clients;

/// <summary>One member of a client's entry.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsPreference">
/// Whether it is ours to suggest only: where the entry has it already, its user's word stays.
/// </param>
internal sealed record EntryMember(string Name, EntryValue Value, bool IsPreference = false)
{
    /// <summary>Whether it is written into a project's file only.</summary>
    public bool IsOfProject { get; init; }
}
