namespace LoopOrchestrator.Core.Moving;

/// <summary>A file that belongs into an export.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Path">Where it is, or a copy of it.</param>
internal sealed record MovedFile(string Name, string Path);
