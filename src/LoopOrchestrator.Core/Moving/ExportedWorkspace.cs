using LoopOrchestrator.Core.Storage;

namespace LoopOrchestrator.Core.Moving;

/// <summary>An export that was written.</summary>
/// <param name="File">The file.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Files">How many files of the workspace are in it.</param>
/// <param name="State">What of it is recorded; <see langword="null"/> where nothing is.</param>
public sealed record ExportedWorkspace(string File, long Bytes, int Files, TransferredState? State);
