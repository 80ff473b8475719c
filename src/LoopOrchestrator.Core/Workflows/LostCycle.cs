using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>Ends cycles whose state was lost with a damaged database.</summary>
internal sealed class LostCycle(IRunStore runs, RunFinisher finisher, TimeProvider time, Action wake)
{
    /// <summary>Ends one, as soon as nothing of it goes on.</summary>
    public async Task EndAsync(string id, CancellationToken cancellationToken)
    {
        // Rebuilt from the files after its database was damaged: that it went on is known, and not how far it was.
        await runs.CancelBelowAsync(id, "the state of its cycle was lost with the damaged database", cancellationToken);
        if (await runs.GoesOnBelowAsync(id, cancellationToken))
        {
            // The regular looks end it; waking them from here would make both loops wake each other without a pause.
            return;
        }

        await finisher.EndAsync(
            id,
            new RunEnd(
                RunState.Interrupted,
                time.GetUtcNow(),
                "its state was lost with the damaged database; its steps tell what was done"
            ),
            cancellationToken
        );
        wake();
    }
}
