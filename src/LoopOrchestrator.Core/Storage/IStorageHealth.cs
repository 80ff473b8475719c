using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Storage;

/// <summary>Whether what is recorded can be relied on.</summary>
internal interface IStorageHealth
{
    /// <summary>How often this process has opened the storage: another number means that it may have been replaced since.</summary>
    int Openings { get; }

    /// <summary>
    /// Whether there is no storage although the time log tells of runs: what is read comes from the log, until something is recorded.
    /// </summary>
    bool IsMissing { get; }

    /// <summary>
    /// Whether what this process had open was removed, alone or with its folder, and is not put back yet. Known on Linux only.
    /// </summary>
    bool IsGone { get; }

    /// <summary>
    /// What stands for all that is recorded: while the same is answered, nothing was recorded in between, by whichever process.
    /// </summary>
    /// <returns><see langword="null"/> where that cannot be told, such as before the storage was opened.</returns>
    /// <exception cref="UserErrorException">It cannot be read.</exception>
    Task<StorageMark?> MarkAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Opens the storage if need be, and lets go of one that another process found damaged; on request looks at the whole of it,
    /// which takes about a second per gigabyte. A damaged one is replaced.
    /// </summary>
    /// <exception cref="UserErrorException">It cannot be opened, or not be replaced now.</exception>
    Task CheckAsync(bool whole, CancellationToken cancellationToken = default);
}
