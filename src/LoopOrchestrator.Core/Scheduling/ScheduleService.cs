using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Editing;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Scheduling.Reading;

namespace LoopOrchestrator.Core.Scheduling;

/// <summary>
/// What callers do with schedules: look at them, change the file, start their work by hand, pause them. The same for tools and commands.
/// Safe for many threads.
/// </summary>
public sealed class ScheduleService
{
    private readonly ScheduleEditor _editor;
    private readonly ScheduleTrigger _trigger;
    private readonly SchedulePauses _pauses;
    private readonly RequestService _requests;
    private readonly Action _wake;

    internal ScheduleService(
        ScheduleSource source,
        IOccurrenceReader ledger,
        ScheduleEditor editor,
        ScheduleTrigger trigger,
        SchedulePauses pauses,
        RequestService requests,
        Action wake
    )
    {
        Source = source;
        Ledger = ledger;
        _editor = editor;
        _trigger = trigger;
        _pauses = pauses;
        _requests = requests;
        _wake = wake;
    }

    /// <summary>The file that they stand in, as it is now.</summary>
    public ScheduleSource Source { get; }

    /// <summary>What became of their due moments.</summary>
    public IOccurrenceReader Ledger { get; }

    /// <summary>Starts a schedule's work now, by hand.</summary>
    /// <exception cref="UserErrorException">There is no such schedule, or it has a run already.</exception>
    public Task<Run> TriggerAsync(string scheduleId, CancellationToken cancellationToken = default) =>
        TriggerAsync(scheduleId, requestId: null, cancellationToken);

    /// <summary>As above for a caller that may ask again: with the same request id he gets the run that was started.</summary>
    /// <exception cref="UserErrorException">As above, or the request id stands for another call.</exception>
    public Task<Run> TriggerAsync(string scheduleId, string? requestId, CancellationToken cancellationToken = default) =>
        WakeAfterAsync(_trigger.TriggerAsync(scheduleId, requestId, cancellationToken));

    /// <summary>Creates a schedule in the file, or changes one; see <see cref="ScheduleEdit"/>.</summary>
    /// <exception cref="UserErrorException">It was refused, with every reason; nothing was changed.</exception>
    public Task<ScheduleSaved> SaveAsync(ScheduleEdit edit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(edit);
        return WakeAfterAsync(_editor.SaveAsync(edit, cancellationToken));
    }

    /// <summary>
    /// As above for a caller that may ask again: with the same request id it is saved once, and he gets the first answer. A try that was
    /// cut off is known again by the file.
    /// </summary>
    /// <exception cref="UserErrorException">
    /// As above, or the request id stands for another call, or it is not known whether an earlier try was saved.
    /// </exception>
    public async Task<ScheduleSaved> SaveAsync(ScheduleEdit edit, string? requestId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(edit);
        var saved = await WakeAfterAsync(
            _requests.OnceAsync(
                edit.Key(requestId),
                (turn, token) => _editor.SaveAsync(edit, turn, token),
                ScheduleJson.Default.ScheduleSaved,
                () => _editor.Mark(edit).ToString(),
                cancellationToken
            )
        );
        return saved with { Schedule = saved.Schedule ?? Source.Schedules.FirstOrDefault(schedule => schedule.Id == saved.Id) };
    }

    /// <summary>What a save would make of a schedule; nothing is changed.</summary>
    /// <param name="edit">What it is to be.</param>
    /// <param name="most">How many of its next moments are told.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="UserErrorException">It would be refused, with every reason.</exception>
    public Task<SchedulePreview> PreviewAsync(ScheduleEdit edit, int most, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(edit);
        return _editor.PreviewAsync(edit, most, cancellationToken);
    }

    /// <summary>When a schedule will be due by its own rule, the next moment first; also of one that is inactive or paused.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="most">How many moments at the most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<IReadOnlyList<DateTimeOffset>> UpcomingAsync(Schedule schedule, int most, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return _editor.UpcomingAsync(schedule, most, cancellationToken);
    }

    /// <summary>Removes a schedule from the file. What waits of it is dropped; a run of it that is queued or going on is left.</summary>
    /// <exception cref="UserErrorException">There is no such schedule, or the file cannot be changed.</exception>
    public Task<ScheduleDeleted> DeleteAsync(string scheduleId, CancellationToken cancellationToken = default) =>
        WakeAfterAsync(_editor.DeleteAsync(scheduleId, cancellationToken));

    /// <summary>Pauses one schedule, or all with <see cref="ScheduleState.AllSchedules"/>; their backlog is dropped.</summary>
    /// <returns>The ids of the queued runs that were cancelled.</returns>
    /// <exception cref="UserErrorException">There is no such schedule.</exception>
    public async Task<IReadOnlyList<string>> PauseAsync(string scheduleId, string reason, CancellationToken cancellationToken = default) =>
        await WakeAfterAsync(_pauses.PauseAsync(scheduleId, reason, cancellationToken));

    /// <summary>Ends a pause. False when there was none.</summary>
    /// <exception cref="UserErrorException">
    /// There is no such schedule, or an escalation has stopped it, which is resolved instead.
    /// </exception>
    public Task<bool> ResumeAsync(string scheduleId, CancellationToken cancellationToken = default) =>
        WakeAfterAsync(_pauses.ResumeAsync(scheduleId, cancellationToken));

    // What was changed is followed up at once, here and in other processes.
    private async Task<T> WakeAfterAsync<T>(Task<T> change)
    {
        var result = await change;
        _wake();
        return result;
    }
}
