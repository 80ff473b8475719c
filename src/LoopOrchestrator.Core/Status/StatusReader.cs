using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Core.Workflows.Cycles;

namespace LoopOrchestrator.Core.Status;

/// <summary>
/// Says how a workspace stands. It reads only, takes no lock that delays work, and is cheap enough to be asked every second.
/// </summary>
public sealed class StatusReader
{
    private const int MaxEscalations = 100;
    private const int MaxHeld = 20;
    private const int MaxFailed = 100;

    // What failed is named in the status until tomorrow, and by its escalation for as long as that is open.
    private static readonly TimeSpan Lately = TimeSpan.FromDays(1);

    private const long ManyDue = 10_000;

    // How long what was spent today is told again before it is added up anew.
    private static readonly TimeSpan SpendAge = TimeSpan.FromSeconds(10);

    private static readonly Dictionary<RunState, long> NoCounts = [];

    private readonly StatusSources _sources;
    private readonly ScheduleStatusReader _schedules;
    private readonly ScheduleOverviewReader _overview;
    private readonly WhyNotReader _whyNot;
    private volatile CountedDue? _due;
    private volatile SpentToday? _spent;

    internal StatusReader(StatusSources sources)
    {
        (_sources, _schedules, _whyNot) = (sources, new ScheduleStatusReader(sources), new WhyNotReader(sources));
        _overview = new ScheduleOverviewReader(sources, _schedules);
    }

    /// <summary>Reads the status now.</summary>
    public Task<WorkspaceStatus> ReadAsync(CancellationToken cancellationToken = default) =>
        ReadAsync(countsRuns: true, tellsNotices: true, cancellationToken);

    /// <summary>
    /// Whether nothing of the loop itself needs a person. That a receiver did not take a notice says nothing of the loop: what the notice
    /// was about is told by itself for as long as it goes on.
    /// </summary>
    internal async Task<bool> IsWellAsync(CancellationToken cancellationToken = default) =>
        (await ReadAsync(countsRuns: false, tellsNotices: false, cancellationToken)).Sentences.Count == 0;

    /// <summary>Reads what one look is to tell. However many runs there are, it looks at those of some days only.</summary>
    public async Task<NowView> NowAsync(CancellationToken cancellationToken = default)
    {
        var status = await ReadAsync(countsRuns: false, tellsNotices: true, cancellationToken);
        var since = status.At - NowView.Lately;
        var done = await _sources.Storage.Acknowledgements.UnseenDoneAsync(since, cancellationToken);
        return NowView.Of(
            status,
            new NowFacts
            {
                Failed = await _sources.Storage.Acknowledgements.UnseenFailedAsync(since, cancellationToken),
                Done = done,
                DoneLately = await _sources.Storage.Runs.SucceededSinceAsync(since, NowView.MaxDoneLately, cancellationToken),
                WithoutEvidence = await WithoutEvidenceAsync([.. done.Select(static runs => runs.Latest)], cancellationToken),
                IsTrusted = _sources.Trust.IsTrusted,
                Spend = await SpendAsync(status.At, cancellationToken),
            }
        );
    }

    private async Task<WorkspaceStatus> ReadAsync(bool countsRuns, bool tellsNotices, CancellationToken cancellationToken)
    {
        string? trouble = null;
        if (_sources.Storage.Health.IsGone)
        {
            // What this process still has open would be told as if nothing had happened: put back first, it is told with what is gone.
            try
            {
                await _sources.Storage.Health.CheckAsync(whole: false, cancellationToken);
            }
            catch (UserErrorException exception)
            {
                // What is open is told all the same, with why it could not be put back.
                trouble = exception.Message;
            }
        }

        var holder = await _sources.Servers.HolderAsync(cancellationToken);
        var servers = await _sources.Servers.AliveAsync(cancellationToken);

        // In this order a run that is started between the two is seen twice, and none is missed.
        var queued = await _sources.Storage.Runs.InStateAsync(RunState.Queued, cancellationToken);
        var running = await _sources.Storage.Runs.InStateAsync(RunState.Running, cancellationToken);
        var waiting = queued.Where(run => !running.Any(other => other.Id == run.Id)).ToList();
        var holds = await _sources.Hold.Agents.ListAsync(cancellationToken);
        var facts = _whyNot.Facts(
            holder is not null,
            servers,
            running,
            waiting,
            holds,
            await _sources.Storage.Ledger.OldestOpenAsync(cancellationToken)
        );
        var schedules = Explained(await _schedules.ReadAsync(counts: true, cancellationToken), facts);
        var diagnostics = new List<Diagnostic>([
            .. _sources.Schedules.Diagnostics,
            .. _sources.Modes.Diagnostics,
            .. _sources.Workflows.Current,
            .. ModeNames.Check(_sources.ModePlaces, _sources.Modes.Catalog, _sources.StartupFile),
            .. FilesInTheWay(),
        ]);
        diagnostics.AddRange(
            schedules
                .Where(static schedule => schedule.Last?.ReasonCode == OccurrenceReasonCode.CheckNotStarted)
                .Select(schedule => new Diagnostic(
                    DiagnosticSeverity.Warning,
                    _sources.Paths.Display(_sources.Schedules.FilePath),
                    null,
                    null,
                    $"schedule '{schedule.Schedule.Id}' was skipped: {schedule.Last!.Reason}. Correct its onlyIf, or install the program."
                ))
        );
        var memory = await ReadMemoryAsync(diagnostics, cancellationToken);
        var pending = await _sources.Storage.Runs.PendingFinalizationAsync(cancellationToken);
        var status = new WorkspaceStatus
        {
            At = facts.Now,
            SchedulerProcess = holder?.Identity,
            SchedulerSince = holder?.Since,
            Servers = servers,
            Elsewhere = await _sources.Servers.ElsewhereAsync(cancellationToken),
            TrustGivenBy = _sources.Trust.GivenBy,
            TrustNote = _sources.Approved.Note(),
            HeldBack = HeldBack(servers),
            RunCounts = countsRuns ? await _sources.Storage.Runs.CountAsync(cancellationToken) : NoCounts,
            WithoutReport = countsRuns ? await _sources.Storage.Runs.CountWithoutReportAsync(cancellationToken) : 0,
            SignedOut = await _sources.Storage.Runs.SignedOutAsync(cancellationToken),
            HeldAgents = [.. holds.Values.OrderBy(static hold => hold.Agent, StringComparer.Ordinal)],
            FailedLately = countsRuns ? await FailedLatelyAsync(isOpen: false, cancellationToken) : [],
            StillFailed = await FailedLatelyAsync(isOpen: true, cancellationToken),
            Running = running,
            Queued = waiting,
            Waits = waiting
                .DistinctBy(static run => run.Id, StringComparer.Ordinal)
                .ToDictionary(static run => run.Id, run => WhyNotRules.Of(run, facts)!, StringComparer.Ordinal),
            Life = await LifeAsync(schedules, holder?.Since, cancellationToken),
            FinalizationPending = pending.Select(static run => run.Id).ToList(),
            Escalations = await _sources.Storage.Escalations.ListAsync(all: false, MaxEscalations, cancellationToken),
            Notices = await _sources.Storage.Notices.OpenAsync(cancellationToken),
            Incidents = await _sources.Storage.Incidents.OpenAsync(cancellationToken),
            Undelivered = tellsNotices ? await UndeliveredAsync(facts.Now, cancellationToken) : [],
            SkipsToTell = _sources.SkipsToTell,
            NeedInput = await _sources.Storage.Runs.ListAsync(
                new RunFilter { State = RunState.NeedsInput, Limit = WorkspaceStatus.MaxNeedInput },
                cancellationToken
            ),
            Questions = await _sources.Storage.Runs.OpenQuestionsAsync(cancellationToken),
            LimitReached = await _sources.Admission.FindLimitAsync(cancellationToken),
            Held =
            [
                .. (
                    await _sources.Storage.Cycles.ListAsync(new RunFilter { State = RunState.Running, Limit = MaxHeld }, cancellationToken)
                ).Where(static cycle => cycle.HeldReason is not null),
            ],
            Schedules = schedules,
            Memory = memory,
            Diagnostics = diagnostics,
            Sentences = [],
        };
        var git = await GitAttention.DescribeAsync(
            _sources.Paths,
            _sources.Time,
            moment => WorkAtAsync(moment, cancellationToken),
            cancellationToken
        );
        return status with { Sentences = [.. trouble is null ? [] : new[] { trouble }, .. Attention(status), .. git] };
    }

    /// <summary>What is wrong now and should be known outside.</summary>
    internal async Task<IReadOnlyList<IncidentSign>> SignsAsync(CancellationToken cancellationToken = default)
    {
        var status = await ReadAsync(countsRuns: false, tellsNotices: false, cancellationToken);
        return IncidentSigns.Of(
            status,
            await _sources.Storage.Escalations.UnrecoveredAsync(status.At, IncidentSigns.WaitsForSuccess, cancellationToken)
        );
    }

    /// <summary>Where each schedule stands, in the order of the file; why it does not run now is not asked for.</summary>
    public Task<IReadOnlyList<ScheduleStatus>> SchedulesAsync(CancellationToken cancellationToken = default) =>
        _schedules.ReadAsync(counts: false, cancellationToken);

    /// <summary>
    /// As above with their file and what is wrong in it. The same object again while nothing has changed, for a second at most.
    /// </summary>
    public Task<ScheduleOverview> ScheduleOverviewAsync(CancellationToken cancellationToken = default) =>
        _overview.ReadAsync(cancellationToken);

    /// <summary>As above with why each does not run now, for which all that runs and waits is read.</summary>
    public async Task<IReadOnlyList<ScheduleStatus>> ExplainedSchedulesAsync(CancellationToken cancellationToken = default)
    {
        var schedules = await _schedules.ReadAsync(counts: false, cancellationToken);
        return schedules.Count == 0 ? schedules : Explained(schedules, await _whyNot.ReadAsync(cancellationToken));
    }

    /// <summary>Why a queued run waits, as things stand now; <see langword="null"/> for one that does not wait.</summary>
    public async Task<WhyNot?> WhyNotAsync(Run run, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.State == RunState.Queued ? WhyNotRules.Of(run, await _whyNot.ReadAsync(cancellationToken)) : null;
    }

    /// <summary>What shows that an ended run did something; <see langword="null"/> for one that has not ended.</summary>
    public async Task<RunEvidence?> EvidenceAsync(Run run, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        var id = run.Kind == RunKind.Cycle ? run.Id : run.CycleId;
        return RunEvidence.Of(run, id is null ? null : await _sources.Storage.Cycles.FindAsync(id, cancellationToken));
    }

    /// <summary>Those of some runs that succeeded and of which nothing but their state says so, by their ids.</summary>
    public async Task<IReadOnlySet<string>> WithoutEvidenceAsync(IReadOnlyList<Run> runs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var result = new HashSet<string>(StringComparer.Ordinal);
        var cycles = new Dictionary<string, Cycle?>(StringComparer.Ordinal);

        // Most show it by themselves, and their cycles are not read.
        foreach (var run in runs.Where(static run => run.State == RunState.Succeeded && RunEvidence.Of(run, cycle: null) is { Any: false }))
        {
            var id = run.Kind == RunKind.Cycle ? run.Id : run.CycleId;
            Cycle? cycle = null;
            if (id is not null && !cycles.TryGetValue(id, out cycle))
            {
                cycles[id] = cycle = await _sources.Storage.Cycles.FindAsync(id, cancellationToken);
            }

            if (RunEvidence.Of(run, cycle) is { Any: false })
            {
                result.Add(run.Id);
            }
        }

        return result;
    }

    // A day may have thousands of attempts, and a page that is looked at is asked for each second.
    private async Task<DaySpend> SpendAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var day = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        if (_spent is not { } known || known.Day != day || now - known.At >= SpendAge || now < known.At)
        {
            var (cost, tokens) = await _sources.Storage.Runs.SpentSinceAsync(day, cancellationToken);
            _spent = known = new SpentToday(new DaySpend(cost, tokens, _sources.Limits.Budget), day, now);
        }

        return known.Spend;
    }

    private async Task<ProofOfLife> LifeAsync(
        IReadOnlyList<ScheduleStatus> schedules,
        DateTimeOffset? firingSince,
        CancellationToken cancellationToken
    )
    {
        // Monitors ask each second: where there is much to count it is not counted each time.
        var now = _sources.Time.GetUtcNow();
        if (_due is not { Count.Due: >= ManyDue } known || now - known.At >= ScheduleStatusReader.Patience || now < known.At)
        {
            var count = await _sources.Storage.Ledger.CountDueAsync(now - ProofOfLife.Period, cancellationToken);
            _due = known = new CountedDue(count, now);
        }

        return ProofOfLife.Of(schedules, firingSince, known.Count);
    }

    private static List<ScheduleStatus> Explained(IReadOnlyList<ScheduleStatus> schedules, WhyNotFacts facts) =>
        [.. schedules.Select(schedule => schedule with { WhyNot = WhyNotRules.Of(schedule, facts) })];

    /// <summary>
    /// The active schedules that would start nothing when they are due, each with its place and why; empty when all could.
    /// </summary>
    public IReadOnlyList<Diagnostic> StartingNothing => _sources.Schedules.StartingNothing;

    /// <inheritdoc cref="ScheduleStatusReader.OverdueAsync"/>
    public Task<IReadOnlyList<OverdueSchedule>> OverdueAsync(CancellationToken cancellationToken = default) =>
        _schedules.OverdueAsync(cancellationToken);

    private async Task<string?> WorkAtAsync(DateTimeOffset moment, CancellationToken cancellationToken)
    {
        var runs = await _sources.Storage.Runs.ListAsync(new RunFilter { Limit = MaxEscalations }, cancellationToken);
        return
            runs.FirstOrDefault(run =>
                run.Kind == RunKind.Agent && run.StartedAt <= moment && (run.EndedAt is not { } end || moment <= end.AddSeconds(1))
            )
                is { } found
            ? $"run {found.Id} ({found.Mode})"
            : null;
    }

    private List<string> HeldBack(IReadOnlyList<ServerEntry> servers) =>
        [
            .. servers
                .Where(static server => server.Trusted)
                .SelectMany(static server => server.Held.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                .Concat(_sources.Approved.Held())
                .Distinct(StringComparer.Ordinal),
        ];

    private async Task<IReadOnlyList<UndeliveredNotice>> UndeliveredAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        [
            .. (await _sources.Storage.Incidents.UndeliveredAsync(_sources.NoticeTargets, now, cancellationToken)).Select(delivery =>
                UndeliveredNotice.Of(delivery, _sources.NoticeTargets)
            ),
        ];

    private async Task<MemoryFill> ReadMemoryAsync(List<Diagnostic> diagnostics, CancellationToken cancellationToken)
    {
        try
        {
            var reading = await _sources.Memory.ReadAsync(cancellationToken: cancellationToken);
            diagnostics.AddRange(reading.Diagnostics);
            return new MemoryFill(reading.Lines, reading.MaxLines);
        }
        catch (UserErrorException exception)
        {
            diagnostics.Add(
                new Diagnostic(DiagnosticSeverity.Error, _sources.Paths.Display(_sources.Paths.Memory), null, null, exception.Message)
            );
            return new MemoryFill(0, 0);
        }
    }

    private Task<IReadOnlyList<Run>> FailedLatelyAsync(bool isOpen, CancellationToken cancellationToken) =>
        _sources.Storage.Runs.FailedSinceAsync(_sources.Time.GetUtcNow() - Lately, isOpen, MaxFailed, cancellationToken);

    // A folder in the place of a file is no content that its reader could find fault with.
    private IEnumerable<Diagnostic> FilesInTheWay()
    {
        var paths = _sources.Paths;
        return new[] { paths.Timing, paths.Todo }
            .Where(Directory.Exists)
            .Select(file => new Diagnostic(
                DiagnosticSeverity.Error,
                paths.Display(file),
                null,
                null,
                "this is a folder, and a file is expected here"
            ));
    }

    private IEnumerable<string> AgentTrouble(WorkspaceStatus status, bool isHeldBack)
    {
        var uses = _sources.Agents.Select(agent => AgentUse.Of(agent, _sources.Paths.Root)).ToList();
        foreach (var use in uses.Where(static use => use.Missing is not null))
        {
            yield return $"Agent '{use.Agent.Name}' cannot be used: {use.Missing}.";
        }

        // A server may have had the word for itself; and what waits for it is told as that.
        var waiting = uses.Where(static use => use is { Path: not null, Missing: null })
            .Select(static use => $"'{use.Agent.Name}'")
            .ToList();
        if (waiting.Count > 0 && !isHeldBack && !_sources.Trust.IsTrusted && !status.Servers.Any(static server => server.Trusted))
        {
            yield return $"Agent {string.Join(", ", waiting)} cannot be used: the workspace is not trusted, so no program is started; "
                + "say so with: loop-orchestrator trust.";
        }
    }

    private IEnumerable<string> Attention(WorkspaceStatus status)
    {
        if (WorkspaceAccess.FindProblem(_sources.Paths) is { } problem)
        {
            yield return $"Nothing can be recorded: {problem}.";
        }

        if (_sources.Storage.Health.IsMissing)
        {
            yield return DamageNotes.DescribeMissing(_sources.Paths);
        }

        foreach (var damage in DamageNotes.Describe(_sources.Paths, _sources.Time.GetUtcNow()))
        {
            yield return damage;
        }

        foreach (var server in status.Elsewhere)
        {
            var what = Directory.Exists(server.Workspace)
                ? $"This folder is a copy of {server.Workspace}: server process {server.Pid} works there"
                : $"This folder was moved from {server.Workspace}, where server process {server.Pid} takes it to be still: end it";
            yield return $"{what}{(status.SchedulerProcess is null ? ". Nothing fires here: start a server in this folder." : ".")}";
        }

        var programs = status.Running.Count(static run => run.Kind != RunKind.Handoff);
        if (status.SchedulerProcess is null && programs > 0)
        {
            yield return $"{programs} run(s) are recorded as running and no server looks after them; the next one says what "
                + "became of them.";
        }

        foreach (var run in status.Running.Where(run => _sources.Time.GetUtcNow() >= RunDeadline.WarningAt(run)))
        {
            yield return $"Run {run.Id} ({run.Mode}) has used more than 80 % of its time limit and is ended at "
                + $"{run.DeadlineAt!.Value.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}.";
        }

        foreach (var schedule in status.Schedules.Where(static schedule => schedule.OverdueSince is not null))
        {
            var advice = status.SchedulerProcess is null
                ? "No server runs on this workspace: start one."
                : $"See the log of the server with process id {Pid(status.SchedulerProcess)}.";
            yield return $"Schedule '{schedule.Schedule.Id}' was due at "
                + $"{schedule.OverdueSince!.Value.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} and nothing fired it. {advice}";
        }

        if (status.SchedulerProcess is null && status.Schedules.Any(static schedule => schedule.Schedule.Active))
        {
            yield return "No server process fires schedules at this moment.";
        }

        foreach (var schedule in _sources.Schedules.StartingNothing)
        {
            yield return $"{schedule}.";
        }

        foreach (var line in LoopAttention.Describe(status, _sources.Trust.IsTrusted))
        {
            yield return line;
        }

        var needProcess = status.Queued.Count(static run => run.Kind == RunKind.Agent && run.NotBefore is null);
        if (needProcess > 0 && !status.Servers.Any(static server => server.Trusted))
        {
            yield return $"{needProcess} run(s) are held back because this workspace is not trusted. Its user can say so with "
                + "'loop-orchestrator trust', or start the server with --trust-workspace.";
        }
        else if (needProcess > 0 && status.Running.Count(static run => run.Kind == RunKind.Agent) >= _sources.Limits.ConcurrentRuns)
        {
            yield return $"{needProcess} run(s) wait because {_sources.Limits.ConcurrentRuns} run already (limits.concurrentRuns).";
        }

        foreach (var line in AgentTrouble(status, isHeldBack: needProcess > 0))
        {
            yield return line;
        }

        foreach (var line in HandOffAttention.Describe(status, _sources.Limits.LeaseSeconds, _sources.Time.GetUtcNow()))
        {
            yield return line;
        }

        var handOffs = status.Queued.Count(static run => run is { Kind: RunKind.Handoff, Failure: not RunFailure.Lease });
        if (handOffs > 0)
        {
            yield return $"{handOffs} hand-off(s) wait for an agent: take one with {ToolNames.ClaimRun}, or configure an agent program in "
                + "mcp_startup.json so that they start by themselves.";
        }

        if (status.FinalizationPending.Count > 0)
        {
            yield return $"{status.FinalizationPending.Count} ended run(s) are finalization-pending: their closing row or memory entry "
                + "could not be written yet and is tried again.";
        }

        var told = _sources.Schedules.StartingNothing;
        var errors = status.Diagnostics.Count(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && !told.Contains(diagnostic));
        if (errors > 0)
        {
            yield return $"{errors} error(s) in the workspace's files: see findings, in doctor and --info the problems of each file.";
        }
    }

    private static int Pid(string identity) => ProcessIdentity.Parse(identity)?.Pid ?? 0;

    private sealed record CountedDue(DueCount Count, DateTimeOffset At);

    private sealed record SpentToday(DaySpend Spend, DateTimeOffset Day, DateTimeOffset At);
}
