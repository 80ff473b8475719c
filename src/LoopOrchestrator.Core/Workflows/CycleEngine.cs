using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Workflows.Cycles;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>
/// Drives the cycles of a workspace: begins those that are queued, and takes each as far as it goes. It keeps nothing in memory: what is
/// next
/// follows from what is recorded (<see cref="CycleRules"/>), and every transition is on disk before what it leads to begins. One process at
/// a time.
/// </summary>
internal sealed partial class CycleEngine(
    ICycleStore cycles,
    CycleOpening opening,
    CycleDrive drive,
    CycleEvidence evidence,
    TimeProvider time,
    ILogger<CycleEngine> logger
)
{
    /// <summary>How soon a cycle is looked at again that waits for something nobody rings for.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);

    // Of each cycle that cannot be taken further.
    private readonly RepeatFilter _trouble = new();

    /// <summary>Runs one pass over the open cycles.</summary>
    /// <returns>When to look again at the latest; <see langword="null"/> when there is none.</returns>
    public async Task<DateTimeOffset?> RunPassAsync(CancellationToken cancellationToken)
    {
        var open = await cycles.OpenAsync(cancellationToken);
        foreach (var run in open.Where(static run => run.CancelReason is null || run.State == RunState.Running))
        {
            try
            {
                if (run.State == RunState.Running || await opening.StartAsync(run, cancellationToken))
                {
                    await drive.DriveAsync(run.Id, cancellationToken);
                }

                _trouble.Clear(run.Id);
            }
            catch (Exception exception) when (exception is UserErrorException or IOException or UnauthorizedAccessException)
            {
                // What is wrong with one cycle must not keep the others from going on; it is tried again.
                if (_trouble.IsNew(exception.Message, run.Id))
                {
                    Log.PassFailed(logger, run.Id, exception.Message);
                }
            }
        }

        await evidence.TidyAsync([.. open.Select(static run => run.Id)], cancellationToken);
        return open.Count > 0 ? time.GetUtcNow() + PollInterval : null;
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogEvents.CycleFailed,
            LogLevel.Error,
            "Cycle {Cycle} could not be advanced and will be retried; other cycles are not affected: {Error}"
        )]
        public static partial void PassFailed(ILogger logger, string cycle, string error);
    }
}
