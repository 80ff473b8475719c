using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Recovery;

/// <summary>
/// Reads what the files of a workspace tell of its runs when its storage is lost: the runs, and for each schedule the due moments that
/// started one.
/// </summary>
internal sealed class RunFolderRebuild(WorkspacePaths paths, TimeProvider time) : IStateRebuild
{
    private const string RunFolders = "run-*";

    private ((long Length, DateTime WrittenAt) Stamp, bool HasRuns)? _witness;

    /// <inheritdoc/>
    public bool HasTraces() =>
        GuardedFolder.Exists(paths.Runs)
        && GuardedFolder.Folders(paths.Runs, RunFolders).Any(static folder => RunTraces.CreatedAt(Path.GetFileName(folder)) is not null);

    /// <inheritdoc/>
    public bool HasWitness()
    {
        var log = new FileInfo(paths.Timing);
        if (!log.Exists)
        {
            return false;
        }

        // Asked before each look at a workspace without a state; the log seldom changes there.
        var stamp = (log.Length, log.LastWriteTimeUtc);
        if (_witness is not { } known || known.Stamp != stamp)
        {
            _witness = known = (stamp, LogHasRuns());
        }

        return known.HasRuns;
    }

    private bool LogHasRuns()
    {
        try
        {
            return TimingLogReader.Read(paths).Entries.Any(static entry => RunTraces.CreatedAt(entry.TaskId) is not null);
        }
        catch (UserErrorException)
        {
            // Whoever needs the log says why it cannot be read.
            return false;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<RebuiltRun> Read()
    {
        var now = time.GetUtcNow();
        var schedules = new ScheduleSource(paths, time).Schedules;
        return
        [
            .. Traces()
                .Select(traces => new RebuiltRun(traces.ToRun(schedules, now), traces.Source, traces.DueAt, traces.ByHand)
                {
                    PossibleSchedules = traces.PossibleSchedules(schedules),
                })
                .OrderBy(static one => one.Run.CreatedAt)
                .ThenBy(static one => one.Run.Id, StringComparer.Ordinal),
        ];
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
}
