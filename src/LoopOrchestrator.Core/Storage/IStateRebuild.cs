using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Storage;

/// <summary>What of a workspace is left when its storage is lost.</summary>
internal interface IStateRebuild
{
    /// <summary>Whether there are folders of runs to rebuild from: work was started here before.</summary>
    bool HasTraces();

    /// <summary>
    /// Whether the time log tells of runs: where there is nothing else, all of the state was removed, or the workspace is a fresh clone.
    /// </summary>
    bool HasWitness();

    /// <summary>
    /// Reads the runs that files tell of, the oldest first. It reads only files, so it can be done again when it was cut short.
    /// </summary>
    /// <exception cref="UserErrorException">The files cannot be read.</exception>
    IReadOnlyList<RebuiltRun> Read();
}
