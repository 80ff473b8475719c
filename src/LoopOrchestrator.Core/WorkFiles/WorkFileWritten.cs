namespace LoopOrchestrator.Core.WorkFiles;

/// <summary>A file that was written.</summary>
/// <param name="Path">The file, relative to the workspace.</param>
/// <param name="Bytes">How many bytes it has now.</param>
/// <param name="Sha256">The digest of what it holds now.</param>
/// <param name="IsNew">Whether there was none before.</param>
/// <param name="IsChanged">Whether anything is different now.</param>
/// <param name="Backup">What it held before; <see langword="null"/> where nothing was replaced.</param>
public sealed record WorkFileWritten(string Path, long Bytes, string Sha256, bool IsNew, bool IsChanged, WorkFileBackup? Backup);
