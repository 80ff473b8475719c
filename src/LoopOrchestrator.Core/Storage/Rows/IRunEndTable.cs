using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Ledger;

namespace LoopOrchestrator.Core.Storage.Rows;

/// <summary>
/// What the end of an attempt touches in a backend, within one transaction, which nobody else's change comes into: what
/// <see cref="RunEndEntry"/> asks and writes.
/// </summary>
internal interface IRunEndTable
{
    /// <summary>A run as it stands.</summary>
    Run? Find(string id);

    /// <summary>Writes a run over what stands of it. The clock of its lease stays as it is.</summary>
    void Update(Run run);

    /// <summary>Adds a decision about a run.</summary>
    void AddDecision(string id, DateTimeOffset at, string text);

    /// <summary>Ends the attempt of a run that has not ended.</summary>
    void EndAttempt(string id, RunEnd end);

    /// <summary>Holds back the agent of a run or lets it go, where the end of its attempt says so.</summary>
    void NoteAgent(Run run, RunEnd end);

    /// <summary>Asks for the end of all that has not ended below a run, and says what that is.</summary>
    IReadOnlyList<Run> CancelBelow(string id, string reason);

    /// <summary>The runs of a step that failed since it last succeeded or was resolved.</summary>
    IReadOnlyList<string> FailedRuns(string step);

    /// <summary>Writes them, into the open escalation of the step too, where there is one; whether there is.</summary>
    bool RecordFailures(string step, IReadOnlyList<string> runs);

    /// <summary>The step has succeeded: its failures are over, and its escalations know the run.</summary>
    void Recover(string step, string runId);

    /// <summary>Adds an escalation, and returns its number.</summary>
    long AddEscalation(string step, Run run, IReadOnlyList<string> runs, DateTimeOffset since, string task, string reason);

    /// <summary>Adds a notice of an escalation, due now.</summary>
    void AddNotice(long escalation, string channel, DateTimeOffset now);

    /// <summary>The schedule that a run is due to: its own, else that of the next above it which has one.</summary>
    string? ScheduleOf(string runId);

    /// <summary>
    /// What attempts that are due to a schedule, or all with <see cref="ScheduleState.AllSchedules"/>, have cost since the day began (UTC),
    /// or since it was resumed. A cycle costs what its steps cost, and each of those is counted itself.
    /// </summary>
    (double CostUsd, long Tokens) Spent(string scheduleId, DateTimeOffset now);

    /// <summary>Why a schedule is paused, by itself or with all; <see langword="null"/> when it is not.</summary>
    string? PauseReason(string? scheduleId);

    /// <summary>Pauses a schedule, or all, and drops its backlog.</summary>
    void Pause(string scheduleId, string reason, DateTimeOffset now, PauseCause cause);
}
