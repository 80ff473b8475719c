using LoopOrchestrator.Core.Storage.Rows;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Database;

/// <summary>A row of SQLite: moments are milliseconds since 1970, flags are 0 and 1.</summary>
internal readonly struct SqliteRow(SqliteDataReader reader) : IRow
{
    /// <inheritdoc/>
    public string? Text(string column) => reader.Text(column);

    /// <inheritdoc/>
    public long? Integer(string column) => reader.Integer(column);

    /// <inheritdoc/>
    public double? Real(string column) => reader.Real(column);

    /// <inheritdoc/>
    public DateTimeOffset? Moment(string column) => reader.Moment(column);

    /// <inheritdoc/>
    public bool? Flag(string column) => reader.Integer(column) is { } flag ? flag == 1 : null;
}
