using LoopOrchestrator.Core.Errors;
using Npgsql;

namespace LoopOrchestrator.Postgres.Database;

/// <summary>
/// The connections of one node to one database, whose schema is brought to the newest by the first use. Several workspaces share them.
/// Safe for many threads.
/// </summary>
internal sealed class PostgresSource : IDisposable
{
    /// <summary>How many connections a node has at the most.</summary>
    public const int MaxConnections = 16;

    /// <summary>How long another node's transaction is waited for. Ours last milliseconds.</summary>
    public static readonly TimeSpan BusyLimit = TimeSpan.FromSeconds(15);

    // A node that is stopped in the middle of a transaction keeps others out no longer than this: the server ends its session.
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(5);

    private readonly NpgsqlDataSource _source;
    private readonly SemaphoreSlim _migrating = new(1, 1);
    private readonly SemaphoreSlim _places = new(MaxConnections, MaxConnections);
    private volatile bool _isMigrated;

    /// <summary>Prepares access; nothing is opened or created yet.</summary>
    /// <exception cref="UserErrorException">The connection string cannot be read.</exception>
    public PostgresSource(string connectionString)
    {
        _source =
            TryBuild(connectionString, out var name)
            ?? throw new UserErrorException(
                "The connection string of the cluster cannot be read. It consists of parts 'Name=value' between semicolons, such as "
                    + "'Host=db.example.org;Database=loops;Username=loop'."
            );
        Name = name;
    }

    /// <summary>The database and its server, for people; without credentials.</summary>
    public string Name { get; }

    /// <summary>
    /// Uses a connection, and gives it back. What it is used for waits for the server, and so it is done on a thread of the pool, of
    /// which it takes no more than there are connections.
    /// </summary>
    /// <exception cref="UserErrorException">The database cannot be reached or used.</exception>
    public async Task<T> UseAsync<T>(Func<NpgsqlConnection, T> use, CancellationToken cancellationToken)
    {
        await MigrateAsync(cancellationToken);
        return await OpenAsync(use, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _source.Dispose();
        _migrating.Dispose();
        _places.Dispose();
    }

    private static NpgsqlDataSource Build(string connectionString, out string name)
    {
        var builder = new NpgsqlSlimDataSourceBuilder(connectionString);
        var settings = builder.ConnectionStringBuilder;
        settings.SearchPath = PostgresMigrations.Schema;
        settings.MaxPoolSize = MaxConnections;

        // Neither goes with a transaction of one's own on a connection of one's own.
        settings.Multiplexing = false;
        settings.Enlist = false;
        settings.MaxAutoPrepare = 100;
        settings.AutoPrepareMinUsages = 2;
        settings.IncludeErrorDetail = false;
        settings.CommandTimeout = (int)BusyLimit.TotalSeconds * 2;
        settings.ApplicationName ??= "loop-orchestrator";
        settings.Options =
            $"{settings.Options} -c lock_timeout={(int)BusyLimit.TotalMilliseconds} "
            + $"-c idle_in_transaction_session_timeout={(int)IdleLimit.TotalMilliseconds}";
        name = $"{settings.Database ?? settings.Username} on {settings.Host}:{settings.Port}";
        builder.EnableArrays();
        builder.EnableTransportSecurity();
        return builder.Build();
    }

    // What is wrong is told to nobody: the library's words may hold a part of the text, and so a password.
    private static NpgsqlDataSource? TryBuild(string connectionString, out string name)
    {
        try
        {
            return Build(connectionString, out name);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException)
        {
            name = "";
            return null;
        }
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        if (_isMigrated)
        {
            return;
        }

        await _migrating.WaitAsync(cancellationToken);
        try
        {
            if (!_isMigrated)
            {
                await OpenAsync(
                    connection =>
                    {
                        PostgresMigrations.Apply(connection, Name);
                        return true;
                    },
                    cancellationToken
                );
                _isMigrated = true;
            }
        }
        finally
        {
            _migrating.Release();
        }
    }

    private async Task<T> OpenAsync<T>(Func<NpgsqlConnection, T> use, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => UseOpen(use), cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw PostgresFault.Explain(exception, Name);
        }
        finally
        {
            _places.Release();
        }
    }

    private T UseOpen<T>(Func<NpgsqlConnection, T> use)
    {
        try
        {
            using var connection = _source.OpenConnection();
            return use(connection);
        }
        catch (NpgsqlException exception) when (PostgresFault.IsPassing(exception))
        {
            // The others that are idle are as old as this one was.
            _source.Clear();
        }

        using var another = _source.OpenConnection();
        return use(another);
    }
}
