using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Storage;

/// <summary>What of a workspace is left when its storage is lost.</summary>
internal interface IStateRebuild
{
    /// <summary>Whether there is anything to rebuild from: work was started here before.</summary>
    bool HasTraces();

    /// <summary>
    /// Reads the runs that files tell of, the oldest first. It reads only files, so it can be done again when it was cut short.
    /// </summary>
    /// <exception cref="UserErrorException">The files cannot be read.</exception>
    IReadOnlyList<RebuiltRun> Read();
}
