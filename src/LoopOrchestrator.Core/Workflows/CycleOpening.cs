using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>Begins cycles that are queued.</summary>
internal sealed partial class CycleOpening(
    IReadOnlyDictionary<string, WorkflowDefinition> workflows,
    ICycleStore cycles,
    RunFinisher finisher,
    CycleSteps steps,
    TimeProvider time,
    ILogger<CycleEngine> logger
)
{
    /// <summary>Begins a cycle. False when it has ended instead, or somebody else has begun it.</summary>
    public async Task<bool> StartAsync(Run run, CancellationToken cancellationToken)
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
            await finisher.EndAsync(
                run.Id,
                new RunEnd(RunState.Failed, now, $"it was not begun: {string.Join("; ", errors)}") { Failure = RunFailure.Configuration },
                cancellationToken
            );
            return false;
        }

        if (!await cycles.TryStartAsync(run, workflow, now, cancellationToken))
        {
            return false;
        }

        Log.Started(logger, run.Id, workflow.Name);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(LogEvents.CycleStarted, LogLevel.Information, "Cycle {Cycle} of workflow {Workflow} started")]
        public static partial void Started(ILogger logger, string cycle, string workflow);
    }
}
