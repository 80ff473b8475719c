namespace LoopOrchestrator.Core.Storage.Sqlite.Database;

/// <summary>A table of the schema.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">Its columns.</param>
internal sealed record SchemaTable(string Name, IReadOnlyList<SchemaColumn> Columns)
{
    /// <summary>Its name as statements have it.</summary>
    public string Quoted => Quote(Name);

    /// <summary>The columns that can be written, as statements have them.</summary>
    public IReadOnlyList<string> Written =>
        [.. Columns.Where(static column => !column.IsComputed).Select(static column => Quote(column.Name))];

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
