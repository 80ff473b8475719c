using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Recovery;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Storage.Sqlite;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Storage.Sqlite.Stores;
using LoopOrchestrator.Testing;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Tests.Storage.Sqlite.Database;

/// <summary>Opens the database of every released schema. The copies in <c>Released</c> were made by the program of their time.</summary>
public sealed partial class SchemaMigrationsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<int> Released => [.. Copies()];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    internal static string Folder =>
        Path.Combine(
            typeof(SchemaMigrationsTests)
                .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(attribute => attribute.Key == "RepositoryRoot")
                .Value!,
            "tests",
            "LoopOrchestrator.Core.Tests",
            "Storage",
            "Sqlite",
            "Database",
            "Released"
        );

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Copies_OfEveryEarlierSchema_AreThere() =>
        Copies()
            .Should()
            .Contain(
                Enumerable.Range(1, SchemaMigrations.Newest - 1),
                "whoever adds a step keeps a copy of a database as the version before made it: "
                    + "tests/LoopOrchestrator.Core.Tests/Storage/Sqlite/Database/Released/schema-<number>.sql, from "
                    + "'sqlite3 state.db .dump' and the user_version"
            );

    [Theory]
    [MemberData(nameof(Released))]
    public void Steps_UpToAReleasedSchema_StillMakeIt(int version)
    {
        Load(version, _folder.File("copy.db"));
        using var copy = Connect(_folder.File("copy.db"));
        using var made = Connect(_folder.File("made.db"));
        SchemaMigrations.Apply(made, version);

        Schema(made).Should().Equal(Schema(copy), "a released step is never changed");
        copy.Scalar("PRAGMA user_version").Should().Be(version);
    }

    [Theory]
    [MemberData(nameof(Released))]
    public async Task Open_DatabaseOfAnEarlierVersion_KeepsItsRowsAndGoesOn(int version)
    {
        Directory.CreateDirectory(_folder.Paths.State);
        Load(version, _folder.Paths.Database);
        var before = Rows(_folder.Paths.Database);
        using var database = SqliteStorage.OpenDatabase(_folder.Paths, new RunFolderRebuild(_folder.Paths, TimeProvider.System));
        var store = new SqliteRunStore(database);
        var ledger = new SqliteOccurrenceLedger(database);

        (await store.FindAsync("run-20260102-030405-00000001", Token))
            .Should()
            .Match<Run>(run =>
                run.State == RunState.Succeeded
                && run.ScheduleId == "nightly"
                && run.CostUsd == 0.25
                && run.Findings.Single() == "a finding"
                && run.EndedAt - run.StartedAt == TimeSpan.FromMinutes(1)
            );
        (await ledger.HistoryAsync("nightly", 10, Token))
            .Select(row => row.Outcome)
            .Should()
            .Equal(OccurrenceOutcome.Missed, OccurrenceOutcome.Started);
        (await ledger.StatesAsync(Token))["nightly"].PausedReason.Should().Be("on holiday");

        using (var fresh = Connect(_folder.File("fresh.db")))
        {
            SchemaMigrations.Apply(fresh);
            (await database.ReadAsync(Schema, Token)).Should().Equal(Schema(fresh));
        }

        (await database.ReadAsync(connection => connection.Scalar("PRAGMA user_version"), Token)).Should().Be(SchemaMigrations.Newest);
        var after = Rows(_folder.Paths.Database);
        after.Keys.Should().Contain(before.Keys);
        before.Keys.Should().HaveCountGreaterThanOrEqualTo(6);
        foreach (var (table, rows) in before)
        {
            rows.Should().NotBeEmpty($"{table} of the copy has rows to keep");
            after[table].Should().HaveCount(rows.Count);
            rows.Should().AllSatisfy(row => after[table].Should().Contain(kept => row.All(value => kept.Contains(value))));
        }

        (await store.TryStartAsync("run-20260102-030505-00000002", new RunStart(DateTimeOffset.UnixEpoch.AddYears(56)), Token))
            .Should()
            .BeTrue();
        await ledger.RecordFirstSeenAsync("another", DateTimeOffset.UnixEpoch.AddYears(56), Token);
        (await ledger.StatesAsync(Token)).Keys.Should().Equal("another", "nightly");
    }

    [Fact]
    public async Task Open_DatabaseOfANewerVersion_IsRefusedAndLeftAlone()
    {
        Directory.CreateDirectory(_folder.Paths.State);
        using (var connection = Connect(_folder.Paths.Database))
        {
            connection.Execute(
                $"CREATE TABLE later (id INTEGER); PRAGMA application_id = {DatabaseOwner.StateId}; PRAGMA user_version = "
                    + $"{SchemaMigrations.Newest + 1}"
            );
        }

        using var database = SqliteStorage.OpenDatabase(_folder.Paths, new RunFolderRebuild(_folder.Paths, TimeProvider.System));
        var opening = () => new SqliteRunStore(database).CountAsync(Token);

        (await opening.Should().ThrowAsync<UserErrorException>()).WithMessage(
            $"*schema version {SchemaMigrations.Newest + 1} and this program knows {SchemaMigrations.Newest}*newer version*"
        );
        Directory.Exists(_folder.Paths.Damaged).Should().BeFalse("it is not damaged");
    }

    private static IEnumerable<int> Copies() =>
        Directory
            .EnumerateFiles(Folder, "schema-*.sql")
            .Select(file => int.Parse(Path.GetFileNameWithoutExtension(file)["schema-".Length..], CultureInfo.InvariantCulture))
            .Order();

    private static void Load(int version, string file)
    {
        using var connection = Connect(file);
        connection.Execute(File.ReadAllText(Path.Combine(Folder, $"schema-{version}.sql")));
    }

    private static SqliteConnection Connect(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        return connection;
    }

    private static List<string> Schema(SqliteConnection connection) =>
        connection.Query("SELECT name, COALESCE(sql, '') FROM sqlite_master ORDER BY name", static reader =>
            $"{reader.GetString(0)}: "
            + $"{Spaces().Replace(reader.GetString(1), static match => match.Groups["mark"].Value is { Length: > 0 } mark ? mark : " ")}"
        );

    // Line ends differ between a statement as it was written and one to which columns were added.
    [GeneratedRegex(@"\s*(?<mark>[(),])\s*|\s+", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Spaces();

    // Each row as its columns that hold something, by name: columns that were added later stand empty.
    private static Dictionary<string, List<List<string>>> Rows(string file)
    {
        using var connection = Connect(file);
        return connection
            .Query("SELECT name FROM sqlite_master WHERE type = 'table'", reader => reader.GetString(0))
            .ToDictionary(
                table => table,
                table =>
                    connection.Query($"SELECT * FROM \"{table}\"", reader =>
                        Enumerable
                            .Range(0, reader.FieldCount)
                            .Where(column => !reader.IsDBNull(column))
                            .Select(column => $"{reader.GetName(column)}={reader.GetValue(column)}")
                            .ToList()
                    ),
                StringComparer.Ordinal
            );
    }
}
