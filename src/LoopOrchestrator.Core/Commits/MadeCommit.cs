namespace LoopOrchestrator.Core.Commits;

/// <summary>A commit that was made.</summary>
/// <param name="Id">Its full name.</param>
/// <param name="Group">What is in it, as it was planned.</param>
/// <param name="Note">What a person should know of it; <see langword="null"/> where all is as expected.</param>
public sealed record MadeCommit(string Id, CommitGroup Group, string? Note = null);
