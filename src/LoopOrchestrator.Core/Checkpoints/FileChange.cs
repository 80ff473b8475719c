namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>What became of one file.</summary>
/// <param name="Path">
/// Relative to the workspace, with forward slashes; in git's quoted form where it is not UTF-8 or has control characters in it.
/// </param>
/// <param name="Kind">What.</param>
/// <param name="LinesAdded">Lines that are new; <see langword="null"/> for what is not text.</param>
/// <param name="LinesRemoved">Lines that are gone; likewise.</param>
internal sealed record FileChange(string Path, ChangeKind Kind, int? LinesAdded, int? LinesRemoved);
