namespace LoopOrchestrator.Core.Commits;

/// <summary>What a work tree looks like to somebody who is about to commit in it.</summary>
/// <param name="Head">The commit that it stands on; <see langword="null"/> before the first one.</param>
/// <param name="Branch">The full name of its branch; <see langword="null"/> where it stands on a commit without one.</param>
/// <param name="Prefix">The workspace's folder within the work tree: empty for its top, else with a slash at its end.</param>
/// <param name="Operation">The merge or the like that is not finished, if one is.</param>
/// <param name="Files">What has changed below the workspace, in the order of the paths.</param>
internal sealed record WorkTreeState(string? Head, string? Branch, string Prefix, string? Operation, IReadOnlyList<ChangedFile> Files)
{
    /// <summary>The branch's short name, for people.</summary>
    public string BranchName =>
        Branch is null ? "no branch"
        : Branch.StartsWith("refs/heads/", StringComparison.Ordinal) ? Branch["refs/heads/".Length..]
        : Branch;
}
