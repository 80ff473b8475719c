using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>
/// What runs have cost since the day began (UTC), or since somebody resumed what had been paused for its cost; and the pause that a
/// reached limit brings until the day is over.
/// </summary>
internal static class BudgetRows
{
    /// <summary>Pauses the schedule that a run which has ended is due to, or all of them, when a limit of the day is reached.</summary>
    public static void PauseWhatReachedItsLimit(SqliteConnection connection, Run ended, RunBudget budget, DateTimeOffset now)
    {
        var scheduleId = connection.Query(
            $"SELECT {SubRunRows.ScheduleOf} AS schedule_id FROM runs WHERE id = @id",
            static reader => reader.Text("schedule_id"),
            ("@id", ended.Id)
        )[0];
        var tomorrow = new DateTimeOffset(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
        if (scheduleId is not null && ReachedBySchedule(connection, scheduleId, budget, now) is { } ofSchedule)
        {
            PauseRows.Pause(connection, scheduleId, ofSchedule, now, PauseCause.Budget(tomorrow));
        }

        if (ReachedByAll(connection, budget, now) is { } ofAll)
        {
            PauseRows.Pause(connection, ScheduleState.AllSchedules, ofAll, now, PauseCause.Budget(tomorrow));
        }
    }

    /// <summary>Which limit on all runs of a day is reached, in words; <see langword="null"/> for none.</summary>
    public static string? ReachedByAll(SqliteConnection connection, RunBudget budget, DateTimeOffset now)
    {
        if (!BudgetRules.LimitsAll(budget))
        {
            return null;
        }

        var (cost, tokens) = Spent(connection, ScheduleState.AllSchedules, now);
        return BudgetRules.ReachedByAll(budget, cost, tokens);
    }

    /// <summary>What all attempts have cost that ended since a moment. A cycle costs what its steps cost.</summary>
    public static (double CostUsd, long Tokens) SpentSince(SqliteConnection connection, DateTimeOffset since) =>
        connection.Query(
            """
            SELECT COALESCE(SUM(attempts.cost_usd), 0.0) AS cost, COALESCE(SUM(attempts.tokens), 0) AS tokens
            FROM attempts JOIN runs ON runs.id = attempts.run_id WHERE attempts.ended_at >= @since AND runs.kind <> 'cycle'
            """,
            static reader => (reader.GetDouble(0), reader.GetInt64(1)),
            ("@since", since)
        )[0];

    private static string? ReachedBySchedule(SqliteConnection connection, string scheduleId, RunBudget budget, DateTimeOffset now)
    {
        if (budget.CostPerSchedulePerDayUsd is null)
        {
            return null;
        }

        var (cost, _) = Spent(connection, scheduleId, now);
        return BudgetRules.ReachedBySchedule(budget, cost);
    }

    // A cycle costs what its steps cost, and each of those is counted itself: at its end, and as what they asked for, for the schedule that
    // all of it is due to.
    private static (double CostUsd, long Tokens) Spent(SqliteConnection connection, string scheduleId, DateTimeOffset now) =>
        connection.Query(
            $"""
            SELECT COALESCE(SUM(attempts.cost_usd), 0.0) AS cost, COALESCE(SUM(attempts.tokens), 0) AS tokens
            FROM attempts JOIN runs ON runs.id = attempts.run_id
            WHERE attempts.ended_at > MAX(@day - 1, COALESCE((SELECT resumed_at FROM schedules WHERE id = @id), 0))
              AND attempts.ended_at < @tomorrow AND runs.kind <> 'cycle'
              AND (@id = '*' OR @id = {SubRunRows.ScheduleOf})
            """,
            static reader => (reader.GetDouble(0), reader.GetInt64(1)),
            ("@day", new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero)),
            // A clock that was ahead for a while must not charge every day until then.
            ("@tomorrow", new DateTimeOffset(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero)),
            ("@id", scheduleId)
        )[0];
}
