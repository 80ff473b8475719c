using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Core.State;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rows;
using LoopOrchestrator.Core.Workspaces;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Recovery;

/// <summary>
/// Fills an empty database with what the files of a workspace tell: the runs, and for each schedule the last due moment that started
/// one. It reads only files, so it can be done again from the start when it was cut short.
/// </summary>
public sealed class RunFolderRebuild(WorkspacePaths paths, TimeProvider time) : IStateRebuild
{
    private const string RunFolders = "run-*";

    /// <inheritdoc/>
    public bool HasTraces() =>
        GuardedFolder.Exists(paths.Runs) && GuardedFolder.Folders(paths.Runs, RunFolders).Any(static folder => RunTraces.CreatedAt(Path.GetFileName(folder)) is not null);

    /// <inheritdoc/>
    public RebuiltState Fill(SqliteConnection connection)
    {
        var now = time.GetUtcNow();
        var schedules = new ScheduleSource(paths, time).Schedules;
        var found = Traces().Select(traces => (Traces: traces, Run: traces.ToRun(schedules, now))).OrderBy(static pair => pair.Run.CreatedAt).ThenBy(static pair => pair.Run.Id, StringComparer.Ordinal).ToList();
        var known = found.Select(static pair => pair.Run.Id).ToHashSet(StringComparer.Ordinal);
        using var transaction = connection.BeginTransaction();
        connection.Execute("PRAGMA defer_foreign_keys = ON");
        foreach (var (traces, run) in found)
        {
            Insert(connection, run.ParentRunId is { } parent && !known.Contains(parent) ? run with { ParentRunId = null } : run);
            RunStore.InsertDecision(connection, run.Id, now, traces.Source);
            if (run.ScheduleId is not null)
            {
                EnterOccurrence(connection, traces, run);
            }
        }

        transaction.Commit();
        return new RebuiltState(found.Count, found.Count(static pair => pair.Run.State == RunState.Running));
    }

    private IEnumerable<RunTraces> Traces()
    {
        var rows = new Dictionary<string, (TimingEntry? Start, TimingEntry? Close)>(StringComparer.Ordinal);
        foreach (var entry in TimingLogReader.Read(paths).Entries.Where(static entry => RunTraces.CreatedAt(entry.TaskId) is not null))
        {
            var (start, close) = rows.GetValueOrDefault(entry.TaskId);
            rows[entry.TaskId] = entry.Kind == TimingEntryKind.Start ? (entry, null) : (start, entry);
        }

        foreach (var folder in GuardedFolder.Folders(paths.Runs, RunFolders))
        {
            var id = Path.GetFileName(folder);
            if (RunTraces.CreatedAt(id) is not null)
            {
                rows.Remove(id, out var row);
                yield return new RunTraces(id, RunFolder.Latest(folder), row.Start, row.Close);
            }
        }

        foreach (var (id, row) in rows)
        {
            yield return new RunTraces(id, folder: null, row.Start, row.Close);
        }
    }

    private static void Insert(SqliteConnection connection, Run run)
    {
        RunStore.Insert(connection, run);
        connection.Execute(
            """
            UPDATE runs SET ended_at = @ended, cancel_reason = @cancel, reported_outcome = @reported, summary = @summary, findings = @findings,
                follow_ups = @followUps, questions = @questions, exit_code = @exit, cost_usd = @cost, stop_row_pending = @row, unverified = @unverified
            WHERE id = @id
            """,
            ("@ended", run.EndedAt),
            ("@cancel", run.CancelReason),
            ("@reported", run.ReportedOutcome?.Name()),
            ("@summary", run.Summary),
            ("@findings", RunStore.WriteList(run.Findings)),
            ("@followUps", RunStore.WriteList(run.FollowUps)),
            ("@questions", RunStore.WriteList(run.Questions)),
            ("@exit", run.ExitCode),
            ("@cost", run.CostUsd),
            ("@row", run.StopRowPending),
            ("@unverified", run.IsUnverified),
            ("@id", run.Id));
    }

    private static void EnterOccurrence(SqliteConnection connection, RunTraces traces, Run run)
    {
        var due = OccurrenceRows.FreeMoment(connection, run.ScheduleId!, traces.DueAt);
        OccurrenceRows.Insert(connection, new Occurrence(run.ScheduleId!, due, due, 1, OccurrenceOutcome.Started, traces.ByHand ? OccurrenceRows.ByHand : traces.Source, run.Id, run.CreatedAt));
        if (!traces.ByHand)
        {
            connection.Execute(
                "INSERT INTO schedules (id, last_due_at) VALUES (@id, @due) ON CONFLICT (id) DO UPDATE SET last_due_at = MAX(COALESCE(last_due_at, 0), @due)",
                ("@id", run.ScheduleId),
                ("@due", traces.DueAt));
        }
    }
}
