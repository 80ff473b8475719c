using System.Buffers;
using System.Text;
using LoopOrchestrator.Core.Secrets;
using Npgsql;

namespace LoopOrchestrator.Postgres.Database;

/// <summary>
/// One workspace on an open connection: short forms of plain ADO.NET. Each statement has <c>@workspace</c> bound, and says itself which
/// of its tables that is about. For one thread at a time.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="workspace">The key of the workspace.</param>
/// <param name="redactor">What takes credentials out of the texts that are kept for people.</param>
internal sealed class PostgresSession(NpgsqlConnection connection, string workspace, Redactor redactor)
{
    // What a text of PostgreSQL cannot hold, or UTF-8 cannot say.
    private static readonly SearchValues<char> Odd = SearchValues.Create(
        [.. Enumerable.Range('\uD800', '\uDFFF' - '\uD800' + 1).Select(static code => (char)code), '\0']
    );

    private readonly List<Action> _onCommit = [];

    /// <summary>The key of the workspace.</summary>
    public string Workspace => workspace;

    /// <summary>A text that is kept for people, without credentials.</summary>
    public string Redact(string text) => redactor.Redact(text);

    /// <summary>Executes a statement, and says how many rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>The rows of a question. The reader is closed behind the last: <paramref name="map"/> must ask nothing itself.</summary>
    public List<T> Query<T>(string sql, Func<PostgresRow, T> map, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(map(new PostgresRow(reader)));
        }

        return rows;
    }

    /// <summary>Reads rows without keeping them: a table may be larger than memory.</summary>
    public void Read(string sql, Action<NpgsqlDataReader> row)
    {
        using var command = Command(sql, []);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            row(reader);
        }
    }

    /// <summary>Has rows written by a <c>COPY … FROM STDIN (FORMAT BINARY)</c>, for many of them.</summary>
    public void Import(string copy, Action<NpgsqlBinaryImporter> write)
    {
        using var importer = connection.BeginBinaryImport(copy);
        write(importer);
        importer.Complete();
    }

    /// <summary>The whole number that a question with one row and column answers.</summary>
    public long Scalar(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(sql, parameters);
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>The answer to a question that begins with <c>SELECT EXISTS</c>.</summary>
    public bool Holds(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(sql, parameters);
        return (bool)command.ExecuteScalar()!;
    }

    /// <summary>
    /// Has something done when what is being written is committed. A transaction that failed has done nothing, and what it had to do is
    /// gone with it.
    /// </summary>
    public void OnCommit(Action action) => _onCommit.Add(action);

    /// <summary>The transaction is committed.</summary>
    public void Committed() => _onCommit.ForEach(static action => action());

    /// <summary>
    /// A value as it can be kept: moments to the millisecond, as every backend keeps them, so that what was read and what is compared with
    /// it are the same; texts without what PostgreSQL has no place for.
    /// </summary>
    public static object Fit(object? value) =>
        value switch
        {
            null => DBNull.Value,
            DateTimeOffset moment => DateTimeOffset.FromUnixTimeMilliseconds(moment.ToUnixTimeMilliseconds()),
            string text when text.AsSpan().ContainsAny(Odd) => Fit(text),
            _ => value,
        };

    private NpgsqlCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<string>("workspace", workspace));
        foreach (var (name, value) in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter(name[1..], Fit(value)));
        }

        return command;
    }

    private static string Fit(string text)
    {
        var fit = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            fit.Append(rune.Value == 0 ? Rune.ReplacementChar.ToString() : rune.ToString());
        }

        return fit.ToString();
    }
}
