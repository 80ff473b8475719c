using System.Globalization;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Recovery;

/// <summary>
/// What files tell of one run: its folder, and its rows in the time log. Either may be missing, and parts of the folder too.
/// </summary>
internal sealed class RunTraces
{
    private const string IdPattern = "'run-'yyyyMMdd'-'HHmmss";

    private readonly string _id;
    private readonly RunFolder? _folder;
    private readonly RunRecord? _record;
    private readonly SupervisorOrder? _order;
    private readonly SupervisorOutcome? _outcome;
    private readonly TimingEntry? _start;
    private readonly TimingEntry? _close;
    private readonly DateTimeOffset _created;

    /// <param name="id">An id of <see cref="CreatedAt"/>.</param>
    /// <param name="folder">Its folder, if it has one.</param>
    /// <param name="start">Its start row, if there is one.</param>
    /// <param name="close">Its closing row, if there is one.</param>
    public RunTraces(string id, RunFolder? folder, TimingEntry? start, TimingEntry? close)
    {
        _id = id;
        _folder = folder;
        _record = Read(static folder => folder.ReadRun());
        _order = Read(static folder => folder.ReadOrder());
        _outcome = Read(static folder => IsSupervised(folder) ? null : folder.ReadOutcome());
        _start = start;
        _close = close;
        _created = _record?.CreatedAt ?? CreatedAt(id)!.Value;
    }

    /// <summary>The moment of creation that an id of ours tells; <see langword="null"/> for any other text.</summary>
    public static DateTimeOffset? CreatedAt(string id) =>
        id.Length == RunId.Length
        && RunId.IsWellFormed(id)
        && DateTimeOffset.TryParseExact(
            id.AsSpan(0, 19),
            IdPattern,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var created
        )
            ? created
            : null;

    /// <summary>Where this was read, for the run's decisions.</summary>
    public string Source =>
        _folder is null
            ? "rebuilt from its rows in task_timing.tsv, after the state database was damaged"
            : "rebuilt from its folder, after the state database was damaged";

    /// <summary>Whether it was started by hand, as far as its folder says.</summary>
    public bool ByHand => _record is { DueAt: null };

    /// <summary>The due moment that it was started for.</summary>
    public DateTimeOffset DueAt => _record?.DueAt ?? _created;

    /// <summary>
    /// The run. One with no sign of its end is running again, and is looked after like any other: its supervisor is found, or its end
    /// is judged by the usual rules.
    /// </summary>
    public Run ToRun(IReadOnlyList<Schedule> schedules, DateTimeOffset now)
    {
        var run = WithReport(_record?.ToRun(_id) ?? Guess(schedules));
        if (_close is not null)
        {
            return Unverified(
                End(
                    run,
                    ClosedState(run),
                    _outcome?.EndedAt ?? _close.EndTime ?? now,
                    _outcome?.Reason ?? "as its closing row in task_timing.tsv says"
                )
            );
        }

        if (_outcome is not null && _start is null)
        {
            // It ended, and its rows are gone with the log that held them: there is no row to close.
            var end = RunOutcomeRules.Judge(run, _outcome);
            return Unverified(End(run, end.State, end.EndedAt, end.Reason));
        }

        return _folder is null
            ? End(run, RunState.Interrupted, now, "its start stands in task_timing.tsv and nothing else is left of it") with
            {
                StopRowPending = true,
            }
            : run with
            {
                IsUnverified = run.Kind == RunKind.Agent || run.ReportedOutcome is not null,
            };
    }

    /// <summary>
    /// The schedules of which one may have started it, where only its row is left and does not say which: those with its title, or, where
    /// that fits none because one was renamed, those of its mode.
    /// </summary>
    public IReadOnlyList<string> PossibleSchedules(IReadOnlyList<Schedule> schedules)
    {
        if (_record is not null || !IsOfASchedule)
        {
            return [];
        }

        var titled = Titled(schedules);
        return titled.Count switch
        {
            1 => [],
            0 => [.. schedules.Where(schedule => schedule.Mode == Row?.Mode).Select(static schedule => schedule.Id)],
            _ => titled.ConvertAll(static schedule => schedule.Id),
        };
    }

    private TimingEntry? Row => _start ?? _close;

    private bool IsOfASchedule => RunNames.Priority(Row?.Priority) == RunPriority.Schedule;

    private List<Schedule> Titled(IReadOnlyList<Schedule> schedules) =>
        [
            .. schedules.Where(schedule =>
                IsOfASchedule && (schedule.Name == Row?.Task || RunTitle.Of(schedule.TaskInstructions) == Row?.Task)
            ),
        ];

    // Whoever works in the workspace can write the files that told it. The secrets that outcomes show were in the database.
    private static Run Unverified(Run run) => run with { IsUnverified = true, Reason = $"{run.Reason}; {RunEndPolicy.Unverified}" };

    // What lies there while its supervisor lives is nothing that it wrote.
    private static bool IsSupervised(RunFolder folder)
    {
        if (!File.Exists(folder.SupervisorLock))
        {
            return false;
        }

        using var fileLock = FileLock.TryAcquire(folder.SupervisorLock);
        return fileLock is null;
    }

    private RunState ClosedState(Run run) =>
        _close!.Result switch
        {
            "completed" => RunState.Succeeded,
            var result when RunNames.State(result) is { } state && state.HasEnded() => state,
            _ => _outcome is not null ? RunOutcomeRules.Judge(run, _outcome).State : RunState.Interrupted,
        };

    private Run WithReport(Run run)
    {
        if (Read(static folder => folder.CancelReason()) is { } reason)
        {
            run = run with { CancelReason = reason };
        }

        return Read(static folder => folder.ReadReport()) is { } report
            ? run with
            {
                ReportedOutcome = report.Outcome,
                Summary = report.Summary,
                Findings = report.Findings,
                FollowUps = report.FollowUps,
                Questions = report.Questions,
            }
            : run;
    }

    private Run End(Run run, RunState state, DateTimeOffset endedAt, string reason) =>
        run with
        {
            State = state,
            Reason = reason,
            EndedAt = endedAt,
            Summary = run.Summary ?? _outcome?.Account?.Message ?? _outcome?.OutputTail,
            ExitCode = _outcome?.ExitCode,
            CostUsd = _outcome?.Account?.CostUsd,
        };

    // An agent can write in its folder: one of its files that cannot be read must not keep the others from being.
    private T? Read<T>(Func<RunFolder, T?> read)
        where T : class
    {
        try
        {
            return _folder is null ? null : read(_folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Folders of earlier versions do not say what the run was; order and log row tell most of it.
    private Run Guess(IReadOnlyList<Schedule> schedules)
    {
        var started = _start?.StartTime ?? _close?.StartTime ?? _created;
        var timeout = _order is { TimeoutSeconds: >= 1 and <= RunLimits.MaxTimeoutSeconds } order
            ? (int)order.TimeoutSeconds
            : new RunLimits().TimeoutSeconds;
        var row = Row;
        var title = string.IsNullOrWhiteSpace(row?.Task) ? "(unknown: only its id is left)" : row.Task;
        var priority = RunNames.Priority(row?.Priority) ?? RunPriority.Normal;
        var ofSchedule = Titled(schedules);
        return new Run
        {
            Id = _id,
            Mode = _order?.Environment?.GetValueOrDefault(RunEnvironment.Mode) ?? (Slug.IsValid(row?.Mode ?? "") ? row!.Mode : "code"),
            Task = ofSchedule is [{ TaskInstructions.Length: > 0 } single] ? single.TaskInstructions : title,
            Agent = _order is null ? AgentKind.Handoff.Name() : "unknown",
            AgentKind = _order is null ? AgentKind.Handoff : AgentKind.Command,
            Priority = priority,
            ScheduleId = ofSchedule is [var schedule] ? schedule.Id : null,
            State = RunState.Running,
            Attempt = 1,
            TimeoutSeconds = timeout,
            CreatedAt = _created,
            StartedAt = started,
            AttemptStartedAt = started,
            DeadlineAt = started.AddSeconds(timeout),
        };
    }
}
