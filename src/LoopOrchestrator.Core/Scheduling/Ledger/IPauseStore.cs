namespace LoopOrchestrator.Core.Scheduling.Ledger;

/// <summary>The pauses of schedules. Safe for many threads and processes.</summary>
internal interface IPauseStore
{
    /// <summary>
    /// Pauses a schedule, or all with <see cref="ScheduleState.AllSchedules"/>. Its backlog is dropped: waiting occurrences become
    /// skipped and queued runs are cancelled. A run that is going on goes on.
    /// </summary>
    /// <returns>The ids of the queued runs that were cancelled.</returns>
    Task<IReadOnlyList<string>> PauseAsync(
        string scheduleId,
        string reason,
        DateTimeOffset now,
        CancellationToken cancellationToken = default
    );

    /// <summary>Ends a pause. Due moments that fell into it stay skipped. False when it was not paused.</summary>
    Task<bool> ResumeAsync(string scheduleId, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>Ends the pauses whose time is over.</summary>
    Task EndDueAsync(DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>Why a schedule is paused, by itself or with all; <see langword="null"/> when it is not.</summary>
    Task<string?> FindReasonAsync(string? scheduleId, CancellationToken cancellationToken = default);
}
