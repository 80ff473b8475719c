using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Benchmarks.Workspaces;

/// <summary>
/// Sees rows of the ledger as soon as they are committed, from outside the server: a commit returns when the disk has it, and nobody else
/// sees it before. Looks each millisecond, so what it tells is late rather than early. For one thread.
/// </summary>
internal sealed class LedgerWatch : IDisposable
{
    private static readonly TimeSpan Back = TimeSpan.FromSeconds(10);

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _version;
    private readonly SqliteCommand _rows;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private long _last = -1;

    /// <param name="workspace">A workspace whose server has made its database.</param>
    public LedgerWatch(string workspace)
    {
        _connection = Ledger.Open(workspace);
        _version = _connection.CreateCommand();
        _version.CommandText = "PRAGMA data_version";
        _rows = _connection.CreateCommand();
        _rows.CommandText = "SELECT schedule_id, due_at, count FROM occurrences WHERE due_at >= @since";
        _rows.Parameters.Add("@since", SqliteType.Integer);
    }

    /// <summary>
    /// Follows the ledger until that many due moments are in it, and returns by how many milliseconds each was late; fewer where they did
    /// not come in time. A row that stands for several counts as late for each as for the first.
    /// </summary>
    public List<double> Follow(int moments, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var late = new List<double>();
        while (late.Count < moments && DateTimeOffset.UtcNow < until)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Thread.Sleep(1);
            var version = (long)_version.ExecuteScalar()!;
            if (version == _last)
            {
                continue;
            }

            _last = version;
            _rows.Parameters[0].Value = (DateTimeOffset.UtcNow - Back).ToUnixTimeMilliseconds();
            var entered = new List<DateTimeOffset>();
            using (var reader = _rows.ExecuteReader())
            {
                while (reader.Read())
                {
                    var due = reader.GetInt64(1);
                    if (_seen.Add($"{reader.GetString(0)} {due}"))
                    {
                        entered.AddRange(Enumerable.Repeat(DateTimeOffset.FromUnixTimeMilliseconds(due), reader.GetInt32(2)));
                    }
                }
            }

            // Behind the rows: one that was committed while they were read must not count as earlier than it was.
            var now = DateTimeOffset.UtcNow;
            late.AddRange(entered.Select(due => (now - due).TotalMilliseconds));
        }

        return late;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows.Dispose();
        _version.Dispose();
        _connection.Dispose();
    }
}
