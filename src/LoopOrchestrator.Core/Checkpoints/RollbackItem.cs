namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>What a rollback does with one file.</summary>
/// <param name="Path">
/// Relative to the workspace, with forward slashes; in git's quoted form where it is not UTF-8 or has control characters in it.
/// </param>
/// <param name="Action">What.</param>
/// <param name="Reason">
/// For <see cref="RollbackAction.Conflict"/> and <see cref="RollbackAction.Left"/>, and where it failed: why, as half a sentence.
/// </param>
public sealed record RollbackItem(string Path, RollbackAction Action, string? Reason = null)
{
    /// <summary>Why a file is left that we write to ourselves.</summary>
    internal const string OwnReason = "the server itself writes to it while a run goes on";

    /// <summary>Why a file is in conflict.</summary>
    internal const string ChangedReason = "somebody has changed it since the run";

    /// <summary>Why a file is left that a sparse checkout has or has not in the work tree.</summary>
    internal const string SparseReason = "the sparse checkout of the repository says whether it is there";

    /// <summary>Whether it is in conflict because somebody has changed it since the run.</summary>
    internal bool IsChangedSince { get; init; }

    /// <summary>Why a file is in conflict that is as the run left it.</summary>
    internal const string SparedReason = "it was changed between two steps too, by somebody else or by work that no checkpoint tells of";

    /// <summary>What the file shall be; <see langword="null"/> for gone.</summary>
    internal TreeEntry? Target { get; init; }

    /// <summary>What the run left; <see langword="null"/> for nothing.</summary>
    internal TreeEntry? Expected { get; init; }

    /// <summary>The path from the top of the work tree.</summary>
    internal PathName Name { get; init; }
}
