using LoopOrchestrator.Core.Errors;
using Npgsql;

namespace LoopOrchestrator.Postgres.Database;

/// <summary>What went wrong with the database, and what to do about it.</summary>
internal static class PostgresFault
{
    /// <summary>
    /// Whether the same call may be made once more, because nothing of it is recorded and the cause is over: the connection was an old
    /// one, to a server that has been started again, or a statement was compiled before another node added a column.
    /// </summary>
    public static bool IsPassing(NpgsqlException exception) =>
        exception is PostgresException known
            ? known is { SqlState: PostgresErrorCodes.FeatureNotSupported, Routine: "RevalidateCachedQuery" }
                || known.SqlState
                    is PostgresErrorCodes.AdminShutdown
                        or PostgresErrorCodes.CrashShutdown
                        or PostgresErrorCodes.DeadlockDetected
                        or PostgresErrorCodes.SerializationFailure
            : exception is { IsTransient: true, InnerException: not TimeoutException };

    /// <summary>
    /// Whether a commit that failed so may be recorded all the same: the answer was lost, or the server ended the session for a reason of
    /// its own (class 57), which it may say behind the commit. Any other fault that it tells has undone the transaction.
    /// </summary>
    public static bool LeavesDoubt(NpgsqlException exception) =>
        exception is not PostgresException known || known.SqlState.StartsWith("57", StringComparison.Ordinal);

    /// <summary>The error for a person. No value of the connection string is in it but the database, its server, and the role.</summary>
    public static UserErrorException Explain(NpgsqlException exception, string database) =>
        new(
            $"The database {database} could not be used, and nothing of this call was recorded: {Reason(exception)}. "
                + $"{Advice(exception)} The files of the workspace are not affected.",
            exception
        );

    /// <summary>The error where the connection was lost between the commit and its answer.</summary>
    public static UserErrorException InDoubt(NpgsqlException exception, string database) =>
        new(
            $"The connection to the database {database} was lost while a change was being committed ({Reason(exception)}), so it is not "
                + "known whether it was recorded. Look at how things stand before you repeat the call.",
            exception
        );

    private static string Reason(NpgsqlException exception) =>
        exception is PostgresException known ? $"{known.MessageText} (SQLSTATE {known.SqlState})"
        : exception.InnerException is { } inner ? $"{exception.Message}: {inner.Message}".TrimEnd('.')
        : exception.Message.TrimEnd('.');

    private static string Advice(NpgsqlException exception) =>
        (exception as PostgresException)?.SqlState switch
        {
            PostgresErrorCodes.LockNotAvailable =>
                $"Another node kept the workspace to itself for more than {(int)PostgresSource.BusyLimit.TotalSeconds} s. Look in "
                    + "pg_stat_activity for a session that is 'idle in transaction', then repeat the call.",
            PostgresErrorCodes.TooManyConnections =>
                "The server has no connection left. Raise its max_connections, or run fewer nodes, then repeat the call.",
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                "Check the user name and password of the connection string, and the server's pg_hba.conf.",
            PostgresErrorCodes.InvalidCatalogName => "Create the database, or correct its name in the connection string.",
            PostgresErrorCodes.InsufficientPrivilege =>
                $"Give its role the right to create the schema {PostgresMigrations.Schema}, or to use it and its tables.",
            PostgresErrorCodes.DiskFull => "Make room on the server's disk, then repeat the call.",
            PostgresErrorCodes.ReadOnlySqlTransaction =>
                "It is a replica, which cannot be written: let the connection string name the primary.",
            _ => "Check that the server runs and can be reached from here, then repeat the call.",
        };
}
