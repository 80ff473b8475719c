namespace LoopOrchestrator.Core.Commits;

/// <summary>What became of a plan.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Branch">The short name of the branch, or <c>no branch</c>.</param>
public sealed record CommitResult(CommitPlan Plan, string Branch)
{
    /// <summary>The commits that were made, in their order. They stay whatever came later.</summary>
    public IReadOnlyList<MadeCommit> Made { get; init; } = [];

    /// <summary>Why it went no further; <see langword="null"/> when all commits were made.</summary>
    public string? Stopped { get; init; }

    /// <summary>What the gate that stopped it printed last.</summary>
    public string Output { get; init; } = "";

    /// <summary>Where the branch was pushed to; <see langword="null"/> when it was not.</summary>
    public string? Pushed { get; init; }

    /// <summary>Why the push failed; the commits stay. <see langword="null"/> when none was asked for, or it succeeded.</summary>
    public string? PushFailure { get; init; }
}
