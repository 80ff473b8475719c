namespace LoopOrchestrator.Core.WorkFiles;

/// <summary>The content that a file of the workspace once had.</summary>
/// <param name="Id">By which it is asked for again.</param>
/// <param name="Path">The file, relative to the workspace.</param>
/// <param name="Sha256">The digest of the content.</param>
/// <param name="Bytes">How many bytes it has.</param>
/// <param name="MadeAt">When it was kept.</param>
public sealed record WorkFileBackup(string Id, string Path, string Sha256, long Bytes, DateTimeOffset MadeAt);
