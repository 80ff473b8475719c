namespace LoopOrchestrator.Core.Checkpoints.Copies;

/// <summary>A checkpoint of copied files, as it is on disk.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TakenAt">When.</param>
/// <param name="Files">The files that were there, by path.</param>
internal sealed record FileManifest(string Name, DateTimeOffset TakenAt, IReadOnlyList<CopiedFile> Files);
