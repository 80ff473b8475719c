namespace LoopOrchestrator.Core.Checkpoints.Copies;

/// <summary>A file in a checkpoint of copied files.</summary>
/// <param name="Path">Relative to the workspace, with forward slashes.</param>
/// <param name="Sha256">Of its content, in hexadecimal digits; the name of the copy.</param>
/// <param name="Mode">Its Unix permissions as a number; 0 where there are none.</param>
internal sealed record CopiedFile(string Path, string Sha256, int Mode);
