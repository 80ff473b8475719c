using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>Enters into an empty database what is left of a workspace.</summary>
internal sealed class StateRebuild(IStateRebuild rebuild, TimeProvider time) : IDatabaseRebuild
{
    /// <inheritdoc/>
    public bool HasTraces() => rebuild.HasTraces();

    /// <inheritdoc/>
    public bool HasWitness() => rebuild.HasWitness();

    /// <inheritdoc/>
    public RebuiltState Fill(SqliteConnection connection)
    {
        var now = time.GetUtcNow();
        var found = rebuild.Read();
        var known = found.Select(static one => one.Run.Id).ToHashSet(StringComparer.Ordinal);
        using var transaction = connection.BeginTransaction();
        connection.Execute("PRAGMA defer_foreign_keys = ON");
        foreach (var one in found)
        {
            var run = one.Run;
            RunRows.Insert(connection, run.ParentRunId is { } parent && !known.Contains(parent) ? run with { ParentRunId = null } : run);
            AttemptRows.InsertRebuilt(connection, run);
            RunRows.InsertDecision(connection, run.Id, now, one.Source);
            if (run.ScheduleId is not null)
            {
                EnterOccurrence(connection, one);
            }
        }

        var possible = found.SelectMany(static one => one.PossibleSchedules, static (one, id) => (Id: id, one.DueAt));
        foreach (var ofOne in possible.GroupBy(static one => one.Id, static one => one.DueAt, StringComparer.Ordinal))
        {
            EnterPossible(connection, ofOne.Key, ofOne.Max(), now);
        }

        transaction.Commit();
        return new RebuiltState(found.Count, found.Count(static one => one.Run.State == RunState.Running));
    }

    private static void EnterOccurrence(SqliteConnection connection, RebuiltRun rebuilt)
    {
        var run = rebuilt.Run;
        var due = OccurrenceEntry.FreeMoment(new SqliteOccurrenceTable(connection), run.ScheduleId!, rebuilt.DueAt);
        OccurrenceEntry.Add(
            new SqliteOccurrenceTable(connection),
            new Occurrence(
                run.ScheduleId!,
                due,
                due,
                1,
                OccurrenceOutcome.Started,
                rebuilt.ByHand ? OccurrenceFields.ByHand : rebuilt.Source,
                run.Id,
                run.CreatedAt
            )
            {
                Origin = rebuilt.ByHand ? OccurrenceOrigin.Hand : OccurrenceOrigin.Schedule,
            }
        );
        if (!rebuilt.ByHand)
        {
            NoteLastDue(connection, run.ScheduleId!, rebuilt.DueAt);
        }
    }

    // Of several schedules one has fired then; which is lost. Better one that leaves a moment out, with its reason, than one that fires
    // twice.
    private static void EnterPossible(SqliteConnection connection, string scheduleId, DateTimeOffset dueAt, DateTimeOffset now)
    {
        var due = OccurrenceEntry.FreeMoment(new SqliteOccurrenceTable(connection), scheduleId, dueAt);
        OccurrenceEntry.Add(
            new SqliteOccurrenceTable(connection),
            new Occurrence(
                scheduleId,
                due,
                due,
                1,
                OccurrenceOutcome.Skipped,
                "the state was lost, and task_timing.tsv tells of a run that this schedule may have started",
                RunId: null,
                now
            )
        );
        NoteLastDue(connection, scheduleId, dueAt);
    }

    private static void NoteLastDue(SqliteConnection connection, string scheduleId, DateTimeOffset dueAt) =>
        connection.Execute(
            "INSERT INTO schedules (id, last_due_at) VALUES (@id, @due) ON CONFLICT (id) DO UPDATE SET last_due_at = "
                + "MAX(COALESCE(last_due_at, 0), @due)",
            ("@id", scheduleId),
            ("@due", dueAt)
        );
}
