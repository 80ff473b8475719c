using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;
using LoopOrchestrator.Core.Workspaces;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>
/// Drives the cycles of a workspace: begins those that are queued, and takes each as far as it goes. It keeps nothing in memory: what is next
/// follows from what is recorded (<see cref="CycleRules"/>), and every transition is on disk before what it leads to begins. One process at a time.
/// </summary>
internal sealed partial class CycleEngine(
    WorkspacePaths paths,
    IReadOnlyDictionary<string, WorkflowDefinition> workflows,
    ICycleStore cycles,
    IRunStore runs,
    RunFinisher finisher,
    RunStartRow row,
    CycleHold hold,
    CycleSteps steps,
    CycleItems items,
    CycleCommands commands,
    CycleEvidence evidence,
    CycleEnding ending,
    TimeProvider time,
    Action wake,
    ILogger<CycleEngine> logger)
{
    /// <summary>How soon a cycle is looked at again that waits for something nobody rings for.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    // Of a cycle's moves in one look. A workflow is finite, and so is this; what is left is done in the next look.
    private const int MostMoves = 1000;

    // Of each cycle that cannot be taken further.
    private readonly RepeatFilter _trouble = new();

    /// <summary>Looks at every open cycle once.</summary>
    /// <returns>When to look again at the latest; <see langword="null"/> when there is none.</returns>
    public async Task<DateTimeOffset?> LookAsync(CancellationToken cancellationToken)
    {
        var open = await cycles.OpenAsync(cancellationToken);
        foreach (var run in open.Where(static run => run.CancelReason is null || run.State == RunState.Running))
        {
            try
            {
                if (run.State == RunState.Running || await StartAsync(run, cancellationToken))
                {
                    await DriveAsync(run.Id, cancellationToken);
                }

                _trouble.Clear(run.Id);
            }
            catch (Exception exception) when (exception is UserErrorException or IOException or UnauthorizedAccessException)
            {
                // What is wrong with one cycle must not keep the others from going on; it is tried again.
                if (_trouble.IsNew(exception.Message, run.Id))
                {
                    Log.LookFailed(logger, run.Id, exception.Message);
                }
            }
        }

        await evidence.TidyAsync([.. open.Select(static run => run.Id)], cancellationToken);
        return open.Count > 0 ? time.GetUtcNow() + Look : null;
    }

    private async Task<bool> StartAsync(Run run, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (!workflows.TryGetValue(run.Workflow!, out var workflow))
        {
            var gone = new RunEnd(RunState.Failed, now, $"there is no workflow '{run.Workflow}' any more")
            {
                Failure = RunFailure.Configuration,
            };
            await finisher.EndAsync(run.Id, gone, cancellationToken);
            return false;
        }

        if (steps.FindErrors(workflow) is { Count: > 0 } errors)
        {
            await finisher.EndAsync(run.Id, new RunEnd(RunState.Failed, now, $"it was not begun: {string.Join("; ", errors)}") { Failure = RunFailure.Configuration }, cancellationToken);
            return false;
        }

        if (!await cycles.TryStartAsync(run, workflow, now, cancellationToken))
        {
            return false;
        }

        Log.Started(logger, run.Id, workflow.Name);
        return true;
    }

    private async Task DriveAsync(string id, CancellationToken cancellationToken)
    {
        if (await cycles.FindAsync(id, cancellationToken) is null)
        {
            // Rebuilt from the files after its database was damaged: that it went on is known, and not how far it was.
            await runs.CancelBelowAsync(id, "the state of its cycle was lost with the damaged database", cancellationToken);
            if (await runs.GoesOnBelowAsync(id, cancellationToken))
            {
                // The regular looks end it; waking them from here would make both loops wake each other without a pause.
                return;
            }

            await finisher.EndAsync(id, new RunEnd(RunState.Interrupted, time.GetUtcNow(), "its state was lost with the damaged database; its steps tell what was done"), cancellationToken);
            wake();
            return;
        }

        await RecordBeginAsync(id, cancellationToken);
        for (var move = 0; move < MostMoves && await cycles.FindAsync(id, cancellationToken) is { Run.State: RunState.Running } cycle && await MoveAsync(cycle, cancellationToken); move++)
        {
        }
    }

    // The start row and the folder are the first that is done for a cycle, and done again when whoever began did not come to it.
    private async Task RecordBeginAsync(string id, CancellationToken cancellationToken)
    {
        var folder = new RunFolder(paths.Run(id));
        if (folder.ReadRun() is null && await runs.FindAsync(id, cancellationToken) is { State: RunState.Running } run)
        {
            await row.WriteAsync(run, RunTitle.Of(run.Task), cancellationToken);
            folder.Create();
            folder.Write(RunRecord.Of(run, await runs.DueAtAsync(id, cancellationToken)));
        }
    }

    // One transition. False when there is none to make now.
    private async Task<bool> MoveAsync(Cycle cycle, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (cycle.Verdict is not null)
        {
            return await EndAsync(cycle, cancellationToken);
        }

        if (cycle.Run.CancelReason is { } reason)
        {
            return await JudgeAsync(cycle, new CycleVerdict(RunState.Cancelled, reason, Escalates: false), cancellationToken);
        }

        if (cycle.Run.DeadlineAt <= now && cycle.HeldSince is null)
        {
            return await JudgeAsync(cycle, new CycleVerdict(RunState.TimedOut, $"it reached its time limit of {cycle.Run.TimeoutSeconds} s", Escalates: false), cancellationToken);
        }

        foreach (var item in cycle.Current.Where(static item => !item.IsOver))
        {
            if (await ContinueAsync(cycle, item, cancellationToken))
            {
                return true;
            }
        }

        return CycleRules.Next(cycle) switch
        {
            CycleMove.Begin begin => await hold.MayBeginAsync(cycle, cancellationToken) && await PrepareAsync(cycle, begin, cancellationToken),
            CycleMove.Advance advance => await cycles.TryAdvanceAsync(cycle, advance.Stage, now, cancellationToken),
            CycleMove.GoBack back => await evidence.LeaveAsync(cycle, cancellationToken) && await cycles.TryGoBackAsync(cycle, back, now, cancellationToken),
            CycleMove.End end => await JudgeAsync(cycle, end.Verdict, cancellationToken),
            _ => await hold.WaitAsync(cycle, cancellationToken),
        };
    }

    private async Task<bool> PrepareAsync(Cycle cycle, CycleMove.Begin begin, CancellationToken cancellationToken)
    {
        IReadOnlyList<CycleItem> prepared;
        try
        {
            prepared = [.. begin.Positions.Select((position, index) => steps.Prepare(cycle, begin.Kind, position, cycle.Items.Count + 1 + index))];
        }
        catch (UserErrorException exception)
        {
            return await JudgeAsync(cycle, Misconfigured(exception), cancellationToken);
        }

        return await cycles.TryPrepareAsync(cycle, prepared, cancellationToken);
    }

    // What was decided on is begun, and what goes on is looked at. True when that was a transition.
    private async Task<bool> ContinueAsync(Cycle cycle, CycleItem item, CancellationToken cancellationToken) => (item.State, item.Kind) switch
    {
        (CycleItemState.Preparing, CycleItemKind.Step) => await hold.MayBeginAsync(cycle, cancellationToken) && await BeginStepAsync(cycle, item, cancellationToken),
        (CycleItemState.Preparing, CycleItemKind.Landing) => await hold.MayBeginAsync(cycle, cancellationToken) && await BeginLandingAsync(cycle, item, cancellationToken),
        (CycleItemState.Preparing, _) => await hold.MayBeginAsync(cycle, cancellationToken) && await BeginCommandAsync(cycle, item, cancellationToken),
        (_, CycleItemKind.Step) => await items.LookAtStepAsync(cycle, item, cancellationToken),
        (_, CycleItemKind.Landing) => await items.LandAsync(cycle, item, cancellationToken),
        _ => await items.LookAtCommandAsync(cycle, item, cancellationToken),
    };

    private async Task<bool> BeginStepAsync(Cycle cycle, CycleItem item, CancellationToken cancellationToken)
    {
        CycleItem begun;
        Run run;
        try
        {
            // As it stands now: the end of a hold, a moment ago, has moved its time limit.
            cycle = await cycles.FindAsync(cycle.Run.Id, cancellationToken) ?? cycle;
            (begun, run) = steps.CreateRun(cycle, await evidence.BeforeAsync(cycle, item, cancellationToken));
        }
        catch (UserErrorException exception)
        {
            return await JudgeAsync(cycle, Misconfigured(exception), cancellationToken);
        }

        var done = await cycles.TryBeginAsync(cycle, begun, run, time.GetUtcNow(), cancellationToken);
        wake();
        return done;
    }

    private async Task<bool> BeginCommandAsync(Cycle cycle, CycleItem item, CancellationToken cancellationToken)
    {
        var start = SupervisorStart.Create();
        var placed = CycleCommands.Place(cycle, item.Kind == CycleItemKind.Gate ? item with { WorkTree = CycleEvidence.WorkTreeOf(cycle) } : item, start);

        // Recorded first: a command that runs and that nobody knows of would be started a second time.
        if (!await cycles.TryBeginAsync(cycle, placed, run: null, time.GetUtcNow(), cancellationToken))
        {
            return false;
        }

        commands.Start(cycle, placed, start);
        return true;
    }

    // The checkpoint before it is recorded first: taken again behind a crash it would hold what is landed already.
    private async Task<bool> BeginLandingAsync(Cycle cycle, CycleItem item, CancellationToken cancellationToken) =>
        await cycles.TryBeginAsync(cycle, await evidence.BeforeAsync(cycle, item, cancellationToken), run: null, time.GetUtcNow(), cancellationToken);

    private async Task<bool> JudgeAsync(Cycle cycle, CycleVerdict verdict, CancellationToken cancellationToken)
    {
        var (judged, effect) = await ending.JudgeAsync(cycle, verdict, cancellationToken);
        var done = await cycles.TryJudgeAsync(cycle, judged, effect, time.GetUtcNow(), cancellationToken);
        wake();
        return done;
    }

    // Not before all below it has ended: no successor of its schedule may begin while something of it lives.
    private async Task<bool> EndAsync(Cycle cycle, CancellationToken cancellationToken)
    {
        foreach (var item in cycle.Items.Where(static item => !item.IsOver))
        {
            if (!await items.CloseAsync(cycle, item, cycle.Verdict!.Reason, cancellationToken))
            {
                return false;
            }
        }

        if (await runs.GoesOnBelowAsync(cycle.Run.Id, cancellationToken))
        {
            return false;
        }

        await evidence.LeaveAsync(cycle, cancellationToken);
        cycle = await cycles.FindAsync(cycle.Run.Id, cancellationToken) ?? cycle;
        await cycles.NoteEffectAsync(cycle, CycleEnding.HasEffect(cycle), cancellationToken);
        var end = await ending.DescribeAsync(cycle, cancellationToken);
        await finisher.EndAsync(cycle.Run.Id, end, cancellationToken);
        wake();
        return true;
    }

    private static CycleVerdict Misconfigured(UserErrorException exception) => new(RunState.Failed, exception.Message, Escalates: false);

    private static partial class Log
    {
        [LoggerMessage(LogEvents.CycleStarted, LogLevel.Information, "Cycle {Cycle} of workflow {Workflow} started")]
        public static partial void Started(ILogger logger, string cycle, string workflow);

        [LoggerMessage(LogEvents.CycleFailed, LogLevel.Error, "Cycle {Cycle} cannot go on; the others do, and it is tried again: {Error}")]
        public static partial void LookFailed(ILogger logger, string cycle, string error);
    }
}
