using LoopOrchestrator.Core.Commits.Credentials;

namespace LoopOrchestrator.Core.Commits;

/// <summary>One file that differs from the last commit, with what a plan has to know of it. Immutable.</summary>
/// <param name="Path">Relative to the workspace, with forward slashes.</param>
/// <param name="Kind">What became of it.</param>
public sealed record ChangedFile(string Path, ChangeKind Kind)
{
    /// <summary>Lines that came; 0 for a binary file.</summary>
    public int Added { get; init; }

    /// <summary>Lines that went; 0 for a binary file.</summary>
    public int Removed { get; init; }

    /// <summary>Whether it holds something other than text.</summary>
    public bool IsBinary { get; init; }

    /// <summary>Its size now; 0 when it is deleted.</summary>
    public long Bytes { get; init; }

    /// <summary>Whether nothing but white space differs.</summary>
    public bool IsWhitespaceOnly { get; init; }

    /// <summary>
    /// Whether somebody has staged a part of its changes only. It is committed as it is in the work tree all the same: that is what a gate
    /// sees.
    /// </summary>
    public bool IsPartlyStaged { get; init; }

    /// <summary>For an added file: the path of the deleted file that it was before.</summary>
    public string? MovedFrom { get; init; }

    /// <summary>Why git itself, or its state, rules it out; with <see cref="ObstacleDetail"/>.</summary>
    public LeftOutReason? Obstacle { get; init; }

    /// <summary>More about the obstacle, for people.</summary>
    public string? ObstacleDetail { get; init; }

    /// <summary>The first thing in it that looks like a credential and is not in the last commit already.</summary>
    public CredentialFinding? Credential { get; init; }
}
