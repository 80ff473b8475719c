using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Git;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Timing;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// What became of running runs that have a supervisor, whoever started it: their end by what it left, or that they never began. Keeps
/// nothing in memory.
/// </summary>
internal sealed partial class SupervisedRuns(
    WorkspacePaths paths,
    IRunStore store,
    TimingLog timing,
    RunLimits limits,
    TimeProvider time,
    ILogger<RunWatcher> logger
)
{
    private const string ServerLoss = "the server that started it is gone, and limits.onServerLoss is 'end'";
    private const string NeverBegun = "the server that had taken it ended before it began; nothing was done for it";

    // A server that dies of the start itself would take the run up again for ever.
    private const int MaxPutBacks = 10;

    private readonly SupervisorWatch _watch = new(paths, time, logger);

    /// <summary>How a run has ended; <see langword="null"/> while it goes on.</summary>
    public async Task<RunEnd?> FindEndAsync(Run run, DateTimeOffset now)
    {
        var folder = FolderOf(run);
        var proof = await store.ProofAsync(run);
        var isOver = folder.ReadOutcome() is { } outcome && proof.IsShownBy(outcome);
        if (!isOver && run.CancelReason is { } cancelReason && !File.Exists(folder.Cancel))
        {
            // Whoever cancelled it died before the supervisor was told.
            CancelOrder.Give(folder, cancelReason);
        }

        if (!isOver && limits.EndsOnServerLoss && run.CancelReason is null && IsGone(run.Executor) && folder.InterruptReason() is null)
        {
            CancelOrder.Interrupt(folder, ServerLoss);
        }

        var isComingUp =
            ProcessIdentity.Parse(run.Executor)?.IsAlive() == true && now - run.AttemptStartedAt < SupervisorWatch.StartPatience;
        return await _watch.CheckAsync(folder, (RunEnvironment.RunId, run.Id), proof, isComingUp) is not { } end ? null
            : Directory.Exists(folder.FullPath) ? await JudgeAsync(run, end)
            : new RunEnd(RunState.Interrupted, now, end.Reason);
    }

    /// <summary>
    /// Puts back a run that was taken and never begun by a server that is gone; false when it is none such. No program runs without a
    /// supervisor's record. What the dead server left short of it, the start row and the order included, another goes on with.
    /// </summary>
    public async Task<bool> PutBackAsync(Run run, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var folder = FolderOf(run);
        if (
            run.Kind == RunKind.Handoff
            || !IsGone(run.Executor)
            || folder.HasBegun
            || folder.ReadOutcome() is not null
            || (await store.DecisionsAsync(run.Id, cancellationToken)).Count(static decision => decision.Code == RunDecisionCode.NeverBegun)
                >= MaxPutBacks
        )
        {
            return false;
        }

        // Asked last: a time log that cannot be read must not keep a run from ending that has begun.
        var hasRow = await timing.IsOpenAsync(run.Id, cancellationToken);

        // The folder comes before the row: a row without it tells that it was removed, and with it what the program did. The row of a
        // further attempt is the first one's.
        var isUnbegun =
            Directory.Exists(folder.FullPath) ? _watch.TryWithdraw(folder, (RunEnvironment.RunId, run.Id))
            : run.Attempt > 1 ? Directory.Exists(paths.Run(run.Id))
            : !hasRow;
        if (!isUnbegun || !await store.TryReturnAsync(run, now, NeverBegun, hasRow, RunDecisionCode.NeverBegun, cancellationToken))
        {
            return false;
        }

        Log.PutBack(logger, run.Id);
        return true;
    }

    /// <summary>
    /// Whether the start of a run is in the time log. A further attempt goes on in the row of the one before, which says nothing about it.
    /// </summary>
    public async Task<bool> HasStartRowAsync(Run run, CancellationToken cancellationToken) =>
        run.Attempt <= 1 && await timing.IsOpenAsync(run.Id, cancellationToken);

    private RunFolder FolderOf(Run run) => RunFolder.Of(paths.Run(run.Id), run.Attempt);

    private static bool IsGone(string? executor) => ProcessIdentity.Parse(executor) is { } server && !server.IsAlive();

    // By the run as it stands now: its agent may have reported after it was listed, and reports no more once its outcome is written.
    private async Task<RunEnd> JudgeAsync(Run run, SupervisorOutcome outcome)
    {
        var end = RunOutcomeRules.Judge(await store.FindAsync(run.Id) ?? run, outcome);
        if (!RunOutcomeRules.WasCutOff(outcome) || run.AttemptStartedAt is not { } since)
        {
            return end;
        }

        var became = GitLock
            .Find(paths.Root)
            .Select(left => left.RemoveLeftover(paths.Root, since, outcome.EndedAt, time.GetUtcNow()))
            .OfType<string>();
        return end with { Reason = string.Join("; ", became.Prepend(end.Reason)) };
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogEvents.RunPutBack,
            LogLevel.Warning,
            "{Run} goes back into the queue: the server that had taken it ended before it began"
        )]
        public static partial void PutBack(ILogger logger, string run);
    }
}
