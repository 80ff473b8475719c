using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Workflows.Cycles;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>Takes a cycle as far as it goes.</summary>
internal sealed class CycleDrive(ICycleStore cycles, LostCycle lost, CycleRecord record, CycleMoves moves)
{
    // Of a cycle's moves in one look. A workflow is finite, and so is this; what is left is done in the next look.
    private const int MaxMoves = 1000;

    /// <summary>Takes a cycle that has begun as far as it goes now.</summary>
    public async Task DriveAsync(string id, CancellationToken cancellationToken)
    {
        if (await cycles.FindAsync(id, cancellationToken) is null)
        {
            await lost.EndAsync(id, cancellationToken);
            return;
        }

        await record.WriteAsync(id, cancellationToken);
        for (
            var move = 0;
            move < MaxMoves
                && await cycles.FindAsync(id, cancellationToken) is { Run.State: RunState.Running } cycle
                && await moves.MoveAsync(cycle, cancellationToken);
            move++
        ) { }
    }
}
