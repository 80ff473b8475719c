namespace LoopOrchestrator.Core.Storage;

/// <summary>Stands for all that is recorded at one moment.</summary>
/// <param name="Opening">Which opening of the storage by this process it is of.</param>
/// <param name="Version">Another one with each commit since, of this process or another.</param>
internal sealed record StorageMark(int Opening, long Version);
