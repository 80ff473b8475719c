using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Database;

/// <summary>Short forms of plain ADO.NET, with moments as milliseconds since 1970.</summary>
internal static class SqliteExtensions
{
    /// <summary>
    /// A text that is kept for people, without credentials. Only connections that were opened to write the state know them.
    /// </summary>
    public static string Redact(this SqliteConnection connection, string text) => ((PreparedConnection)connection).Redactor.Redact(text);

    /// <summary>A command with its parameters, of the caller's own.</summary>
    public static SqliteCommand Command(
        this SqliteConnection connection,
        string sql,
        params ReadOnlySpan<(string Name, object? Value)> parameters
    )
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        Bind(command, parameters);
        return command;
    }

    public static int Execute(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var statement = connection.Rent(sql, parameters);
        return statement.Command.ExecuteNonQuery();
    }

    public static List<T> Query<T>(
        this SqliteConnection connection,
        string sql,
        Func<SqliteDataReader, T> map,
        params ReadOnlySpan<(string Name, object? Value)> parameters
    )
    {
        using var statement = connection.Rent(sql, parameters);
        using var reader = statement.Command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(map(reader));
        }

        return rows;
    }

    public static long Scalar(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var statement = connection.Rent(sql, parameters);
        return Convert.ToInt64(statement.Command.ExecuteScalar());
    }

    public static string? Text(this SqliteDataReader reader, string column)
    {
        var ordinal = reader.GetOrdinal(column);
        return reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);
    }

    public static long? Integer(this SqliteDataReader reader, string column)
    {
        var ordinal = reader.GetOrdinal(column);
        return reader.IsDBNull(ordinal) ? null : reader.GetInt64(ordinal);
    }

    public static double? Real(this SqliteDataReader reader, string column)
    {
        var ordinal = reader.GetOrdinal(column);
        return reader.IsDBNull(ordinal) ? null : reader.GetDouble(ordinal);
    }

    public static DateTimeOffset? Moment(this SqliteDataReader reader, string column) =>
        reader.Integer(column) is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;

    private static RentedCommand Rent(this SqliteConnection connection, string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var owner = connection as PreparedConnection;
        var command = owner?.Take(sql) ?? connection.CreateCommand();
        command.CommandText = sql;
        Bind(command, parameters);
        return new RentedCommand(owner, command);
    }

    private static void Bind(SqliteCommand command, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(
                name,
                value switch
                {
                    null => DBNull.Value,
                    DateTimeOffset moment => moment.ToUnixTimeMilliseconds(),
                    bool flag => flag ? 1 : 0,
                    _ => value,
                }
            );
        }
    }

    private readonly ref struct RentedCommand(PreparedConnection? owner, SqliteCommand command)
    {
        public SqliteCommand Command => command;

        public void Dispose()
        {
            if (owner is null)
            {
                command.Dispose();
            }
            else
            {
                owner.Give(command);
            }
        }
    }
}
