using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Postgres.Database;
using Npgsql;

namespace LoopOrchestrator.Postgres.Tests.Servers;

/// <summary>A new database of one test's own on the shared server, for what is about all of a database.</summary>
internal sealed class OwnDatabase : IDisposable
{
    private readonly List<PostgresSource> _nodes = [];

    public OwnDatabase()
    {
        var server = PostgresServer.Shared;
        var name = "test_" + Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal);
        using var connection = new NpgsqlConnection(server.ConnectionString);
        connection.Open();
        Execute(connection, $"CREATE DATABASE {name}");
        ConnectionString = new NpgsqlConnectionStringBuilder(server.ConnectionString)
        {
            Database = name,
            Pooling = false,
            SearchPath = PostgresMigrations.Schema,
        }.ToString();
    }

    /// <summary>What reaches it.</summary>
    public string ConnectionString { get; }

    /// <summary>The connections of one more node.</summary>
    public PostgresSource Node()
    {
        var node = new PostgresSource(ConnectionString + ";Pooling=true");
        _nodes.Add(node);
        return node;
    }

    /// <summary>A workspace as one more node has it.</summary>
    public PostgresStorage Storage(string workspace = "a") => new(Node(), workspace, Redactor.OfProcess([]));

    /// <summary>A connection of the test's own.</summary>
    public NpgsqlConnection Connect()
    {
        var connection = new NpgsqlConnection(ConnectionString);
        connection.Open();
        return connection;
    }

    /// <summary>Executes a statement beside all nodes.</summary>
    public void Execute(string sql)
    {
        using var connection = Connect();
        Execute(connection, sql);
    }

    /// <summary>The whole number that a question answers.</summary>
    public long Scalar(string sql)
    {
        using var connection = Connect();
        using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public void Dispose() => _nodes.ForEach(static node => node.Dispose());

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
