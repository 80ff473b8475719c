namespace LoopOrchestrator.Core.Commits;

/// <summary>What somebody wants committed.</summary>
public sealed record CommitRequest
{
    /// <summary>The message for the code, which is then one commit; made from the files when not given.</summary>
    public string? Message { get; init; }

    /// <summary>
    /// The files that may be committed, by their paths below the workspace, beside those that the loop keeps by itself; every changed one
    /// when not given.
    /// </summary>
    public IReadOnlySet<string>? Only { get; init; }

    /// <summary>Whether commits may be made where HEAD is on no branch.</summary>
    public bool AllowDetached { get; init; }

    /// <summary>The digest of the gate that a server looked at before it asked for this; any gate that was seen when not given.</summary>
    public string? ApprovedGate { get; init; }
}
