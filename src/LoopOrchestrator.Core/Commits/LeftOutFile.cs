namespace LoopOrchestrator.Core.Commits;

/// <summary>A changed file that is in no commit.</summary>
/// <param name="Path">Relative to the workspace, with forward slashes.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">Why, in words, with what to do about it; never the value of a credential.</param>
public sealed record LeftOutFile(string Path, LeftOutReason Reason, string Detail);
