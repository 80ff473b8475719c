namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>A commit in a list.</summary>
/// <param name="Id">Its id, in full.</param>
/// <param name="Subject">The first line of its message; at most 200 characters of it.</param>
public sealed record CommitLine(string Id, string Subject);
