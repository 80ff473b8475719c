using System.Text.RegularExpressions;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Postgres.Database;
using LoopOrchestrator.Postgres.Tests.Servers;

namespace LoopOrchestrator.Postgres.Tests.Database;

public sealed partial class PostgresMigrationsTests : IDisposable
{
    private const string FurtherColumn = "ALTER TABLE runs ADD COLUMN further text";

    private readonly OwnDatabase _database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task Apply_ByNodesThatStartAtOnce_MakesEachStepOnce()
    {
        // Several wait for the first one, and not all of them hear at once of what it has made.
        var nodes = Enumerable.Range(0, 8).Select(_ => _database.Storage()).ToList();

        await Task.WhenAll(nodes.Select(static node => node.Health.CheckAsync(whole: true, Token)));

        _database.Scalar("SELECT COUNT(*) FROM schema_steps").Should().Be(PostgresMigrations.Steps.Count);
        nodes.ForEach(static node => node.Dispose());
    }

    [Fact]
    public async Task Apply_WhereANewerVersionWasThere_IsRefusedAndChangesNothing()
    {
        using var newer = _database.Storage();
        await newer.Health.CheckAsync(whole: false, Token);
        Further();
        using var older = _database.Storage();

        await FluentActions
            .Awaiting(() => older.Runs.CountAsync(Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage($"*schema version {PostgresMigrations.Steps.Count + 1} and this program knows {PostgresMigrations.Steps.Count}*");
    }

    [Fact]
    public async Task Apply_WhileAnOlderNodeWorks_LetsItGoOn()
    {
        using var older = _database.Storage();
        var before = 0;
        for (var use = 0; use < 3; use++)
        {
            // Often enough for its statements to be compiled on the connection.
            before = (await older.Runs.InStateAsync(Core.Runs.Contracts.RunState.Queued, Token)).Count;
            await older.Pauses.PauseAsync("nightly", "a test says so", DateTimeOffset.UnixEpoch, Token);
            await older.Ledger.StatesAsync(Token);
        }

        Further();
        _database.Execute("ALTER TABLE schedules ADD COLUMN further text");

        (await older.Runs.InStateAsync(Core.Runs.Contracts.RunState.Queued, Token)).Should().HaveCount(before);
        (await older.Ledger.StatesAsync(Token)).Should().ContainKey("nightly");
        (await older.Pauses.ResumeAsync("nightly", DateTimeOffset.UnixEpoch, Token)).Should().BeTrue();
    }

    [Fact]
    public async Task Check_OfASchemaThatLacksATable_SaysWhich()
    {
        using var storage = _database.Storage();
        await storage.Health.CheckAsync(whole: true, Token);
        _database.Execute("DROP TABLE deliveries");

        await FluentActions
            .Awaiting(() => storage.Health.CheckAsync(whole: true, Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*lacks deliveries in its schema loop_orchestrator*");
    }

    [Fact]
    public void Steps_OfAllVersions_OnlyAdd() => PostgresMigrations.Steps.SelectMany(FindOthers).Should().BeEmpty();

    [Theory]
    [InlineData("DROP TABLE runs;")]
    [InlineData("ALTER TABLE runs RENAME COLUMN task TO work;")]
    [InlineData("ALTER TABLE runs ADD COLUMN further text NOT NULL;")]
    [InlineData("UPDATE runs SET task = '';")]
    public void FindOthers_MadeUpViolation_IsFound(string step) => FindOthers(step).Should().ContainSingle();

    [Fact]
    public void FindOthers_MadeUpAdditions_AreNone() =>
        FindOthers("ALTER TABLE runs ADD COLUMN further bigint NOT NULL DEFAULT 0; ALTER TABLE runs ADD COLUMN more text;")
            .Should()
            .BeEmpty();

    private static IEnumerable<string> FindOthers(string step) =>
        step.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(static statement => !Adds().IsMatch(statement));

    [GeneratedRegex(
        @"\A(CREATE TABLE \w+ \(|CREATE (UNIQUE )?INDEX \w+ ON |ALTER TABLE \w+ ADD COLUMN \w+ (?!.*NOT NULL(?!.*DEFAULT)))",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000
    )]
    private static partial Regex Adds();

    // What the next version does.
    private void Further()
    {
        using var connection = _database.Connect();
        PostgresMigrations.Apply(connection, "the test's", [.. PostgresMigrations.Steps, FurtherColumn]);
    }
}
