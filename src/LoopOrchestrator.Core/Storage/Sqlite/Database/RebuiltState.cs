namespace LoopOrchestrator.Core.Storage.Sqlite.Database;

/// <summary>What a database knows that was filled anew.</summary>
/// <param name="Runs">How many runs.</param>
/// <param name="Running">How many of them are going on.</param>
internal sealed record RebuiltState(int Runs, int Running);
