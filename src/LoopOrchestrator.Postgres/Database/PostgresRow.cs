using LoopOrchestrator.Core.Storage.Rows;
using Npgsql;

namespace LoopOrchestrator.Postgres.Database;

/// <summary>A row of PostgreSQL: moments are <c>timestamptz</c>, flags are <c>boolean</c>, whole numbers are <c>bigint</c>.</summary>
internal readonly struct PostgresRow(NpgsqlDataReader reader) : IRow
{
    /// <inheritdoc/>
    public string? Text(string column)
    {
        var ordinal = reader.GetOrdinal(column);
        return reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);
    }

    /// <inheritdoc/>
    public long? Integer(string column)
    {
        var ordinal = reader.GetOrdinal(column);
        return reader.IsDBNull(ordinal) ? null : reader.GetInt64(ordinal);
    }

    /// <inheritdoc/>
    public double? Real(string column)
    {
        var ordinal = reader.GetOrdinal(column);
        return reader.IsDBNull(ordinal) ? null : reader.GetDouble(ordinal);
    }

    /// <inheritdoc/>
    public DateTimeOffset? Moment(string column)
    {
        var ordinal = reader.GetOrdinal(column);
        return reader.IsDBNull(ordinal) ? null : reader.GetFieldValue<DateTimeOffset>(ordinal);
    }

    /// <inheritdoc/>
    public bool? Flag(string column)
    {
        var ordinal = reader.GetOrdinal(column);
        return reader.IsDBNull(ordinal) ? null : reader.GetBoolean(ordinal);
    }

    /// <summary>A value by the place of its column.</summary>
    public T At<T>(int column) => reader.GetFieldValue<T>(column);
}
