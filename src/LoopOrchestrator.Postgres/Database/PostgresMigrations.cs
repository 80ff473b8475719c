using System.Globalization;
using System.Text.RegularExpressions;
using LoopOrchestrator.Core.Errors;
using Npgsql;

namespace LoopOrchestrator.Postgres.Database;

/// <summary>
/// The steps of the schema, by number. A node of the version before goes on while a new one brings the schema further, so a step only
/// adds: a table, an index, a column with a default or without a value. A test reads the steps for that.
/// </summary>
internal static partial class PostgresMigrations
{
    /// <summary>The schema that holds all tables.</summary>
    public const string Schema = "loop_orchestrator";

    // Of the database: whoever starts takes it, and who comes second finds the work done.
    private const long Turn = 0x4C6F4F72;

    /// <summary>The steps, the first one first.</summary>
    public static IReadOnlyList<string> Steps { get; } = [PostgresSchema.First];

    /// <summary>Brings the database to the newest schema; changes nothing where it is there already.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="database">The database's name for people.</param>
    /// <exception cref="UserErrorException">A newer version of the program has brought it further.</exception>
    public static void Apply(NpgsqlConnection connection, string database) => Apply(connection, database, Steps);

    /// <summary>As above, with steps of a test's own behind the real ones.</summary>
    public static void Apply(NpgsqlConnection connection, string database, IReadOnlyList<string> steps)
    {
        if (Reached(connection, transaction: null) is { } known && known == steps.Count)
        {
            return;
        }

        using var transaction = connection.BeginTransaction();
        Execute(connection, transaction, string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({Turn})"));
        var reached = Reached(connection, transaction);
        if (reached > steps.Count)
        {
            throw new UserErrorException(
                $"The database {database} has schema version {reached} and this program knows {steps.Count}: a newer version has worked "
                    + "with it. Start that version, or a newer one, on this node; nothing was changed."
            );
        }

        if (reached is null)
        {
            Execute(connection, transaction, $"CREATE SCHEMA IF NOT EXISTS {Schema}");
            Execute(
                connection,
                transaction,
                $"CREATE TABLE {Schema}.schema_steps (number integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
            );
        }

        Execute(connection, transaction, $"SET LOCAL search_path TO {Schema}");
        for (var step = reached ?? 0; step < steps.Count; step++)
        {
            Execute(connection, transaction, steps[step]);
            Execute(
                connection,
                transaction,
                string.Create(CultureInfo.InvariantCulture, $"INSERT INTO {Schema}.schema_steps (number) VALUES ({step + 1})")
            );
        }

        transaction.Commit();
    }

    /// <summary>Returns when every table of the schema is there.</summary>
    /// <exception cref="UserErrorException">One is not.</exception>
    public static void RefuseIncomplete(NpgsqlConnection connection, string database)
    {
        var there = new HashSet<string>(StringComparer.Ordinal);
        using (
            var command = new NpgsqlCommand(
                $"SELECT table_name::text FROM information_schema.tables WHERE table_schema = '{Schema}'",
                connection
            )
        )
        {
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                there.Add(reader.GetString(0));
            }
        }

        var missing = Steps.SelectMany(static step => MakesTable().Matches(step)).Select(static match => match.Groups["name"].Value);
        if (missing.Where(name => !there.Contains(name)).ToList() is { Count: > 0 } lacking)
        {
            throw new UserErrorException(
                $"The database {database} lacks {string.Join(", ", lacking)} in its schema {Schema}: somebody has removed what this "
                    + "program made. Put it back from a backup of the server, then repeat the call; nothing was changed."
            );
        }
    }

    // The number of the last step that was applied; none where there is no schema yet.
    private static int? Reached(NpgsqlConnection connection, NpgsqlTransaction? transaction)
    {
        // Of the catalogue itself. What looks a name up, such as to_regclass, asks what the session knows of names: one that has waited for
        // its turn within a transaction may still know that there is none (PostgreSQL 15).
        const string Exists =
            $"SELECT EXISTS (SELECT FROM pg_catalog.pg_class AS r JOIN pg_catalog.pg_namespace AS s ON s.oid = r.relnamespace "
            + $"WHERE s.nspname = '{Schema}' AND r.relname = 'schema_steps')";
        using var exists = new NpgsqlCommand(Exists, connection, transaction);
        if (exists.ExecuteScalar() is not true)
        {
            return null;
        }

        using var newest = new NpgsqlCommand($"SELECT COALESCE(MAX(number), 0) FROM {Schema}.schema_steps", connection, transaction);
        return (int)newest.ExecuteScalar()!;
    }

    private static void Execute(NpgsqlConnection connection, NpgsqlTransaction transaction, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection, transaction);
        command.ExecuteNonQuery();
    }

    [GeneratedRegex(@"CREATE TABLE (?<name>\w+) \(", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex MakesTable();
}
