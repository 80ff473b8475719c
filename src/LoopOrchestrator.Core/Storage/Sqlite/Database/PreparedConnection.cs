using LoopOrchestrator.Core.Secrets;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Database;

/// <summary>
/// A connection that keeps its statements compiled: SQLite needs longer to compile one than to execute it, and the same few dozen are
/// executed again and again. For one thread at a time.
/// </summary>
/// <param name="connectionString">What to open, and how.</param>
/// <param name="redactor">What takes credentials out of the texts that are kept in the database for people.</param>
internal sealed class PreparedConnection(string connectionString, Redactor redactor) : SqliteConnection(connectionString)
{
    // Texts that are made for a question (with one condition more or less) must not add up over months.
    private const int MaxStatements = 100;

    // A statement keeps a copy of what was bound to it last: of a report of a megabyte too, for as long as the server runs.
    private const int MaxKeptLength = 16 * 1024;

    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);
    private readonly List<Action> _onCommit = [];

    /// <summary>What takes credentials out of the texts that are kept in the database for people.</summary>
    public Redactor Redactor => redactor;

    /// <summary>A command for a text; one that was given back, where there is one. Nobody else has it until it is given back.</summary>
    public SqliteCommand Take(string sql)
    {
        if (!_commands.Remove(sql, out var command))
        {
            return CreateCommand();
        }

        command.Transaction = Transaction;
        return command;
    }

    /// <summary>Keeps a command for the next one who needs its text, unless it holds much.</summary>
    public void Give(SqliteCommand command)
    {
        var isLarge = command
            .Parameters.Cast<SqliteParameter>()
            .Any(static parameter => parameter.Value is string { Length: > MaxKeptLength } or byte[] { Length: > MaxKeptLength });
        command.Parameters.Clear();
        if (isLarge || _commands.Count >= MaxStatements || !_commands.TryAdd(command.CommandText, command))
        {
            command.Dispose();
        }
    }

    /// <summary>
    /// Has something done when what is being written is on disk. A connection that failed is not used again, and what it had to do is
    /// gone with it.
    /// </summary>
    public void OnCommit(Action action) => _onCommit.Add(action);

    /// <summary>The transaction is on disk.</summary>
    public void Committed()
    {
        foreach (var action in _onCommit)
        {
            action();
        }

        _onCommit.Clear();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var command in _commands.Values)
            {
                command.Dispose();
            }

            _commands.Clear();
        }

        base.Dispose(disposing);
    }
}
