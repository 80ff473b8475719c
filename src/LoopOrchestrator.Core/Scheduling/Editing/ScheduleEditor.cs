using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Scheduling.Reading;

namespace LoopOrchestrator.Core.Scheduling.Editing;

/// <summary>
/// Changes the file of schedules that is in force. A change that returns is on disk, and what it replaced is in <c>.loop/backups</c>.
/// Safe for many threads and processes; an editor that saves at the same moment is noticed and its text kept.
/// </summary>
internal sealed class ScheduleEditor(
    WorkspacePaths paths,
    ScheduleSource source,
    ModeFile modes,
    IOccurrenceLedger ledger,
    IRunStore store,
    TimeProvider time
)
{
    /// <summary>Creates a schedule, or changes the one that the edit names.</summary>
    /// <exception cref="UserErrorException">It was refused, with every reason; nothing was changed.</exception>
    public Task<ScheduleSaved> SaveAsync(ScheduleEdit edit, CancellationToken cancellationToken = default) =>
        SaveAsync(edit, RequestTurn.Only, cancellationToken);

    /// <summary>What a save would make; nothing is changed.</summary>
    /// <exception cref="UserErrorException">It would be refused.</exception>
    public async Task<SchedulePreview> PreviewAsync(ScheduleEdit edit, int most, CancellationToken cancellationToken)
    {
        var (path, file) = File();
        var (_, saved) = Editor(path).Save(file.Read(), edit);
        return new SchedulePreview(
            saved.Schedule,
            saved.Changed,
            saved.Schedule is { } schedule ? await UpcomingAsync(schedule, most, cancellationToken) : []
        );
    }

    /// <summary>When a schedule will be due by its own rule, the next moment first.</summary>
    public async Task<IReadOnlyList<DateTimeOffset>> UpcomingAsync(Schedule schedule, int most, CancellationToken cancellationToken)
    {
        var states = await ledger.StatesAsync(cancellationToken);
        return UpcomingMoments.Of(schedule, states.GetValueOrDefault(schedule.Id, ScheduleState.Unknown), time.GetUtcNow(), most);
    }

    /// <summary>By what a save is told again that is cut off.</summary>
    /// <exception cref="UserErrorException">The file cannot be read or understood.</exception>
    public ScheduleMark Mark(ScheduleEdit edit)
    {
        var (path, file) = File();
        return Editor(path).Mark(file.Read(), edit);
    }

    /// <summary>As above for one try of a call. Where an earlier one was cut off, it looks first whether that is in the file.</summary>
    /// <exception cref="UserErrorException">It was refused, or it is not known whether an earlier try was saved.</exception>
    public async Task<ScheduleSaved> SaveAsync(ScheduleEdit edit, RequestTurn turn, CancellationToken cancellationToken)
    {
        var (path, file) = File();
        var mark = turn.Note is { } note ? ScheduleMark.Parse(note) : null;

        // Asked first: what cannot be told afterwards must not make a change that happened look like one that did not.
        var states = await ledger.StatesAsync(cancellationToken);
        var (saved, backup) = await file.ChangeWithBackupAsync(
            content =>
                mark is null ? Editor(path).Save(content, edit)
                : turn.IsAgain ? Editor(path).SaveAgain(content, edit, mark)
                : Editor(path).Save(content, edit, mark),
            cancellationToken
        );
        return saved with { NextOccurrence = Next(saved.Schedule, states), Backup = backup is null ? null : paths.Display(backup) };
    }

    /// <summary>Removes a schedule.</summary>
    /// <exception cref="UserErrorException">There is none of that id, or it was refused; nothing was changed.</exception>
    public async Task<ScheduleDeleted> DeleteAsync(string id, CancellationToken cancellationToken = default)
    {
        var (path, file) = File();
        var runs = await store.ListAsync(new RunFilter { ScheduleId = id, Limit = 100 }, cancellationToken);
        var (_, backup) = await file.ChangeWithBackupAsync(content => (Editor(path).Delete(content, id), 0), cancellationToken);
        return new ScheduleDeleted(
            id,
            paths.Display(path),
            paths.Display(backup!),
            [.. runs.Where(static run => run.State is RunState.Queued or RunState.Running).Select(static run => run.Id)]
        );
    }

    private ScheduleFileEditor Editor(string path) => new(paths.Display(path), modes.Catalog, time.LocalTimeZone, time.GetUtcNow());

    private (string Path, SharedFile File) File()
    {
        var path = source.FilePath;
        return (
            path,
            new SharedFile(
                new SharedPath(paths, path, FileSizes.Schedules),
                Path.Combine(paths.Locks, Path.GetFileName(path) + ".lock"),
                () =>
                {
                    StateFolder.Ensure(paths);
                    WorkspaceBounds.Check(paths, path);
                },
                new FileBackups(paths, path, time)
            )
        );
    }

    private DateTimeOffset? Next(Schedule? schedule, IReadOnlyDictionary<string, ScheduleState> states)
    {
        var state = states.GetValueOrDefault(schedule?.Id ?? "", ScheduleState.Unknown);
        var isPaused = state.PausedAt is not null || states.GetValueOrDefault(ScheduleState.AllSchedules)?.PausedAt is not null;
        var now = time.GetUtcNow();
        return schedule is { Active: true } && !isPaused ? NextDue.Of(schedule, state.WithFingerprint(schedule, now), now) : null;
    }
}
