using LoopOrchestrator.Core.Runs.Stores;

namespace LoopOrchestrator.Core.Workflows.Cycles;

/// <summary>Reads the cycles of one workspace. Safe for many threads.</summary>
public interface ICycleReader
{
    /// <summary>The cycle, or <see langword="null"/> when there is none of that id.</summary>
    Task<Cycle?> FindAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Lists cycles that have begun, newest first, without their items' order being changed.</summary>
    Task<IReadOnlyList<Cycle>> ListAsync(RunFilter filter, CancellationToken cancellationToken = default);
}
