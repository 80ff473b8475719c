using LoopOrchestrator.Core.Checkpoints.References;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>How the files of a workspace were at a moment.</summary>
/// <param name="Name">Its name, such as <c>run-…/before</c>.</param>
/// <param name="Kind">What it was made of.</param>
/// <param name="Id">The commit, or the SHA-256 of the list of copied files; in hexadecimal digits.</param>
/// <param name="Head">
/// The commit that <c>HEAD</c> led to; <see langword="null"/> on a branch without a commit, and for copied files.
/// </param>
/// <param name="TakenAt">When.</param>
public sealed record Checkpoint(string Name, CheckpointKind Kind, string Id, string? Head, DateTimeOffset TakenAt)
{
    /// <summary>
    /// What it lacks and why, as half a sentence, where it was just taken; <see langword="null"/> where it lacks nothing or was looked up.
    /// </summary>
    public string? Lack { get; init; }
}
