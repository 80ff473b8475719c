using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Scheduling;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Core.Trust;
using LoopOrchestrator.Core.Workflows;

namespace LoopOrchestrator.Core;

/// <summary>The loops of a workspace in one process, from the first work to the end of the process.</summary>
internal sealed class WorkspaceLoops(
    WorkspaceEnvironment environment,
    ScheduleSource schedules,
    ApprovedEntries seen,
    SchedulerLoop scheduler,
    CycleLoop cycles,
    AlarmFeature alarms
)
{
    /// <summary>The loop of schedules and runs.</summary>
    public SchedulerLoop Scheduler => scheduler;

    /// <summary>Fires, starts and looks after runs until cancelled.</summary>
    /// <param name="mode">How this process is reached, for status.</param>
    /// <param name="cancellationToken">Ends the loops.</param>
    public async Task RunAsync(string mode, CancellationToken cancellationToken)
    {
        // First of all: a word given to this process is for what is there now, before any of its agents has written anything.
        seen.Begin();
        if (!await WaitForWorkAsync(cancellationToken))
        {
            return;
        }

        StateFolder.Ensure(environment.Paths);
        using var watch = new WorkspaceWatch(environment.Paths, environment.Bell.Runs.Set, [], environment.Logger<WorkspaceWatch>());
        await Task.WhenAll(
            scheduler.RunAsync(mode, MayExecute, cancellationToken),
            cycles.RunAsync(cancellationToken),
            alarms.Signal.RunAsync(environment.Time, cancellationToken),
            alarms.Watch.RunAsync(environment.Time, cancellationToken)
        );

        ServerTrust MayExecute() => new(seen.IsTrusted, string.Join('\n', seen.Held()));
    }

    // Clients start a server in whatever folder they are opened in. One without schedules, where nobody has asked for anything yet, stays
    // as it is.
    private async Task<bool> WaitForWorkAsync(CancellationToken cancellationToken)
    {
        while (!Directory.Exists(environment.Paths.State) && !File.Exists(schedules.FilePath))
        {
            try
            {
                await environment.Bell.Runs.WaitAsync(SchedulerLoop.TakeOver, environment.Time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }

        return true;
    }
}
