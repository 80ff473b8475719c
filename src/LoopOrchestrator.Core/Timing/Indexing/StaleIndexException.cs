namespace LoopOrchestrator.Core.Timing.Indexing;

/// <summary>
/// The index says something of the file that does not hold (any more). The file is read instead, and the index is filled anew.
/// </summary>
internal sealed class StaleIndexException() : Exception("The index does not fit the file.");
