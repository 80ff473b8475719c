using System.Text.Json.Serialization;

namespace LoopOrchestrator.Core.Workflows.Cycles;

/// <summary>
/// What a step changed in the workspace, from its checkpoints. Our own live files (time log, memory, plan) are no part of it.
/// </summary>
/// <param name="FileCount">How many files were added, changed or deleted.</param>
/// <param name="Added">Lines added, as far as they can be counted.</param>
/// <param name="Removed">Lines removed, as far as they can be counted.</param>
/// <param name="Files">The files, each with a letter for what happened (A, M, D), at most <see cref="MaxListed"/>.</param>
/// <param name="Commits">The commits made, oldest first, at most <see cref="MaxListed"/>.</param>
public sealed record StepChanges(int FileCount, long Added, long Removed, IReadOnlyList<string> Files, IReadOnlyList<string> Commits)
{
    /// <summary>How many files and commits are listed at most.</summary>
    public const int MaxListed = 100;

    /// <summary>
    /// All changed files by their paths, in no order; <see langword="null"/> where they are not known. Kept nowhere: of changes that are
    /// read again only those
    /// that are listed are known.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<string>? AllPaths
    {
        get => field ?? (FileCount <= Files.Count ? [.. Files.Select(static file => file[2..])] : null);
        init;
    }

    /// <summary>What no checkpoint holds and may have changed all the same, each in a phrase. A mark says so; kept nowhere.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> NotCovered { get; init; } = [];

    /// <summary>Whether anything changed.</summary>
    public bool Any => FileCount > 0 || Commits.Count > 0;

    /// <summary>In one line.</summary>
    public override string ToString() =>
        !Any
            ? "nothing changed"
            : $"{FileCount} file(s), +{Added} −{Removed} lines{(Commits.Count > 0 ? $", {Commits.Count} commit(s)" : "")}";
}
