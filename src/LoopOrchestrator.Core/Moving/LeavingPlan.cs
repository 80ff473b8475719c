using LoopOrchestrator.Core.Clients;

namespace LoopOrchestrator.Core.Moving;

/// <summary>
/// What would be removed of this program from a workspace and from its user's settings. The user's own files are not in it.
/// </summary>
/// <param name="Folder">The folder of the state, with its size; <see langword="null"/> where there is none.</param>
/// <param name="References">The references of ours in the repository.</param>
/// <param name="IgnoresState">Whether <c>.gitignore</c> has our line.</param>
/// <param name="Trust">The records of trust in this workspace, outside of it.</param>
/// <param name="Clients">The entries of clients that start a server for this workspace.</param>
public sealed record LeavingPlan(
    LeavingPlan.State? Folder,
    IReadOnlyList<string> References,
    bool IgnoresState,
    IReadOnlyList<string> Trust,
    IReadOnlyList<ClientPlan> Clients
)
{
    /// <summary>Whether there is nothing of ours.</summary>
    public bool IsNone => Folder is null && References.Count == 0 && !IgnoresState && Trust.Count == 0 && Clients.Count == 0;

    /// <summary>The folder of the state.</summary>
    /// <param name="Path">Where it is.</param>
    /// <param name="Files">How many files it has.</param>
    /// <param name="Bytes">How large they are.</param>
    /// <param name="Kept">
    /// What is in it that may be nowhere else, as it reads best: what was set aside, databases that were damaged, work trees of steps.
    /// </param>
    public sealed record State(string Path, int Files, long Bytes, IReadOnlyList<string> Kept);
}
