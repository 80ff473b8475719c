namespace LoopOrchestrator.Core.Storage.Sqlite.Database;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsComputed">Whether it is computed from others, and cannot be written.</param>
internal sealed record SchemaColumn(string Name, bool IsComputed);
