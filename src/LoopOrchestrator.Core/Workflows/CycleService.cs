using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Workflows.Cycles;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>What callers do with cycles: look at them and at what they changed, take that back. Safe for many threads.</summary>
public sealed class CycleService
{
    private readonly ICycleStore _cycles;
    private readonly CycleCommands _commands;

    internal CycleService(ICycleStore cycles, CycleCommands commands, CycleChanges changes, CycleRollback rollback)
    {
        _cycles = cycles;
        _commands = commands;
        Changes = changes;
        Rollback = rollback;
    }

    /// <summary>What they have changed.</summary>
    public CycleChanges Changes { get; }

    /// <summary>Taking back what they changed.</summary>
    public CycleRollback Rollback { get; }

    /// <summary>The cycle of that id, or <see langword="null"/>.</summary>
    public Task<Cycle?> FindAsync(string id, CancellationToken cancellationToken = default) => _cycles.FindAsync(id, cancellationToken);

    /// <summary>Lists cycles, newest first.</summary>
    public Task<IReadOnlyList<Cycle>> ListAsync(RunFilter filter, CancellationToken cancellationToken = default) =>
        _cycles.ListAsync(filter, cancellationToken);

    /// <summary>The file with what a gate or sync command has printed; <see langword="null"/> for any other item.</summary>
    public string? OutputFile(Cycle cycle, CycleItem item) => _commands.OutputFile(cycle, item);
}
