namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>What changed in a workspace between two checkpoints, told by the checkpoints and not by whoever worked in between.</summary>
internal sealed record ChangeSet
{
    /// <summary>So many files are listed at most.</summary>
    public const int MaxFiles = 500;

    /// <summary>So many commits are listed at most.</summary>
    public const int MaxCommits = 50;

    /// <summary>
    /// The first <see cref="MaxFiles"/> files by path. What we wrote ourselves meanwhile (time log, memory, plan) is not among them.
    /// </summary>
    public IReadOnlyList<FileChange> Files { get; init; } = [];

    /// <summary>The paths of all files, however many; as <see cref="Files"/> has them.</summary>
    public IReadOnlyList<string> AllPaths { get; init; } = [];

    /// <summary>How many files changed in all.</summary>
    public int FileCount { get; init; }

    /// <summary>Lines added in all files together.</summary>
    public long LinesAdded { get; init; }

    /// <summary>Lines removed in all files together.</summary>
    public long LinesRemoved { get; init; }

    /// <summary>Which of the files that we write to ourselves changed; not counted in anything.</summary>
    public IReadOnlyList<string> OwnFiles { get; init; } = [];

    /// <summary>
    /// The first <see cref="MaxFiles"/> paths of which nobody can say whether they changed: ignored or unreadable at one of the two
    /// moments. Not counted in anything.
    /// </summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>The last <see cref="MaxCommits"/> commits that <c>HEAD</c> has gained, the newest first.</summary>
    public IReadOnlyList<CommitLine> Commits { get; init; } = [];

    /// <summary>How many commits it has gained in all.</summary>
    public int CommitCount { get; init; }

    /// <summary>What no checkpoint of these holds and may have changed all the same, each in a phrase; empty for nothing.</summary>
    public IReadOnlyList<string> NotCovered { get; init; } = [];

    /// <summary>Whether only some files were compared, so that nothing can be said of all others.</summary>
    public bool IsPartial { get; init; }

    /// <summary>
    /// Why the two cannot be compared, as a sentence; <see langword="null"/> when they were. Everything else is empty then.
    /// </summary>
    public string? Incomparable { get; init; }

    /// <summary>Whether there is neither a changed file nor a new commit; false when nothing is known.</summary>
    public bool IsEmpty => FileCount == 0 && CommitCount == 0 && Incomparable is null && !IsPartial;
}
