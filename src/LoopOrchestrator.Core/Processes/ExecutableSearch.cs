namespace LoopOrchestrator.Core.Processes;

/// <summary>What looking for a program has found.</summary>
/// <param name="Path">Its full path; <see langword="null"/> when it is nowhere.</param>
/// <param name="Looked">The places looked at, in order.</param>
public sealed record ExecutableSearch(string? Path, IReadOnlyList<string> Looked);
