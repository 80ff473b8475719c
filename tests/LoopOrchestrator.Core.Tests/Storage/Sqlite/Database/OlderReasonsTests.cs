using LoopOrchestrator.Core.Agents.Contracts;
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

/// <summary>
/// What version 0.1.0 (schema 6) knew by the wording of its reasons alone has a column of its own from then on, filled when its database
/// is opened.
/// </summary>
public sealed class OlderReasonsTests : IDisposable
{
    private const string RunId = "run-20260102-030605-00000004";
    private const string CycleId = "run-20260102-030605-00000003";

    private static readonly DateTimeOffset Moment = DateTimeOffset.FromUnixTimeMilliseconds(1767400000000);

    private readonly TemporaryFolder _folder = new();
    private readonly StateDatabase _database;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public OlderReasonsTests()
    {
        Directory.CreateDirectory(_folder.Paths.State);
        using (var connection = new SqliteConnection($"Data Source={_folder.Paths.Database};Pooling=False"))
        {
            connection.Open();
            connection.Execute(File.ReadAllText(Path.Combine(SchemaMigrationsTests.Folder, "schema-6.sql")));
            connection.Execute(
                """
                INSERT INTO occurrences (schedule_id, due_at, last_due_at, count, outcome, reason, run_id, decided_at, checking) VALUES
                    ('s', 1, 1, 1, 'started', 'triggered by hand', NULL, 1, 0),
                    ('s', 2, 2, 1, 'started', 'due', NULL, 2, 0),
                    ('s', 3, 3, 1, 'skipped', 'its onlyIf command could not be started: there is no program of that name', NULL, 3, 0),
                    ('s', 4, 4, 1, NULL, 'its onlyIf command is asked first', NULL, NULL, 2),
                    ('s', 5, 5, 1, NULL, 'waits for its turn', NULL, NULL, 0);
                INSERT INTO escalations (id, step, schedule_id, mode, task, runs, since, reason)
                    VALUES (7, 'schedule:t', 't', 'code', 'work', '[]', 1, 'it failed');
                INSERT INTO schedules (id, paused_at, paused_reason, paused_until) VALUES
                    ('t', 1, 'escalation 7: its runs failed again and again; see get_status, and go on with resolve_escalation', NULL),
                    ('u', 1, 'budget: its runs of the day cost 5 USD (budget.costPerSchedulePerDayUsd 5)', 1767500000000);
                """
            );
            connection.Execute(
                $"""
                INSERT INTO decisions (run_id, at, text) VALUES
                    ('{RunId}', 1, 'queued again: the server that had taken it ended before it began; nothing was done for it'),
                    ('{RunId}', 2, 'a second report was refused: failed, all of it');
                UPDATE cycle_items SET marks = '["odd","no checkpoint before it: git is gone"]' WHERE cycle_id = '{CycleId}';
                """
            );
        }

        _database = SqliteStorage.OpenDatabase(_folder.Paths, new RunFolderRebuild(_folder.Paths, TimeProvider.System));
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Occurrences_OfTheVersionBefore_HaveTheirOriginStateAndReason()
    {
        var ledger = new SqliteOccurrenceLedger(_database);

        (await ledger.HistoryAsync("s", 10, Token))
            .OrderBy(static row => row.DueAt)
            .Select(static row => (row.Origin, row.State, row.ReasonCode, row.Checking))
            .Should()
            .Equal(
                (OccurrenceOrigin.Hand, OccurrenceState.Started, null, 0),
                (OccurrenceOrigin.Schedule, OccurrenceState.Started, null, 0),
                (OccurrenceOrigin.Schedule, OccurrenceState.Skipped, OccurrenceReasonCode.CheckNotStarted, 0),
                (OccurrenceOrigin.Schedule, OccurrenceState.Checking, null, 2),
                (OccurrenceOrigin.Schedule, OccurrenceState.Waiting, null, 0)
            );
        (await ledger.CheckingAsync(Token)).Should().ContainSingle().Which.Outcome.Should().BeNull();
        (await ledger.WaitingAsync(Token)).Should().HaveCount(2);
    }

    [Fact]
    public async Task RowsOfAServerOfThatVersion_WrittenAfterwards_HaveTheirStateAndKindAllTheSame()
    {
        await _database.WriteAsync(
            static (connection, _) =>
                connection.Execute(
                    """
                    INSERT INTO occurrences (schedule_id, due_at, last_due_at, count, outcome, reason, run_id, decided_at, checking)
                        VALUES ('t', 1, 1, 1, NULL, 'its onlyIf command is asked first', NULL, NULL, 1);
                    INSERT INTO runs (id, mode, task, agent, agent_kind, priority, depth, state, timeout_seconds, created_at)
                        VALUES ('run-x', 'orchestrator', 'work', 'nightly', 'workflow', 'normal', 0, 'queued', 60, 1);
                    """
                ),
            Token
        );

        (await new SqliteOccurrenceLedger(_database).CheckingAsync(Token)).Should().Contain(static row => row.ScheduleId == "t");
        (await new SqliteCycleStore(_database).OpenAsync(Token))
            .Should()
            .Contain(static run => run.Id == "run-x" && run.Workflow == "nightly");
    }

    [Fact]
    public async Task Pauses_HaveTheirCause_AndThatOfAnEscalationEndsWithIt()
    {
        var resumed = (await new SqliteEscalationStore(_database).ResolveAsync(7, "mended", Moment, Token)).Resumed;

        resumed.Should().BeTrue();
        (await PausesAsync()).Should().BeEquivalentTo(["nightly: person", "t: ", "u: budget"]);
    }

    [Fact]
    public async Task Runs_HaveTheirKind_AndACycleItsWorkflow()
    {
        var store = new SqliteRunStore(_database);

        (await store.FindAsync(CycleId, Token))
            .Should()
            .Match<Run>(static run =>
                run.Kind == RunKind.Cycle && run.Workflow == "default" && run.Agent == null && run.AgentKind == null && run.Title == null
            );
        (await store.FindAsync(RunId, Token))
            .Should()
            .Match<Run>(static run =>
                run.Kind == RunKind.Agent && run.Agent == "checks" && run.AgentKind == AgentKind.Command && run.Workflow == null
            );
        (await store.FindAsync("run-20260102-030505-00000002", Token))!.Kind.Should().Be(RunKind.Handoff);
        (await new SqliteCycleStore(_database).OpenAsync(Token)).Should().ContainSingle().Which.Id.Should().Be(CycleId);
    }

    [Fact]
    public async Task Decisions_OfTheVersionBefore_HaveTheirKind() =>
        (await new SqliteRunStore(_database).DecisionsAsync(RunId, Token))
            .Select(static decision => decision.Code)
            .Should()
            .Equal(RunDecisionCode.NeverBegun, RunDecisionCode.ReportRefused);

    [Fact]
    public async Task CycleItem_OfTheVersionBefore_SaysWhyItHasNoCheckpoint() =>
        (await new SqliteCycleStore(_database).FindAsync(CycleId, Token))!
            .Items.Should()
            .ContainSingle()
            .Which.NoCheckpoint.Should()
            .Be("no checkpoint before it: git is gone");

    private Task<List<string>> PausesAsync() =>
        _database.ReadAsync(
            static connection =>
                connection.Query("SELECT id, paused_by FROM schedules", static reader =>
                    $"{reader.GetString(0)}: {reader.Text("paused_by")}"
                ),
            Token
        );
}
