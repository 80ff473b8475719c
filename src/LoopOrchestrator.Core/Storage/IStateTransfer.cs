using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Storage;

/// <summary>
/// All that is recorded of a workspace as one file: taken while processes work with it, and put in the place of what is there.
/// </summary>
internal interface IStateTransfer
{
    /// <summary>Writes what is recorded, as it is at one moment, into a file that is not there yet.</summary>
    /// <exception cref="UserErrorException">It cannot be read or written.</exception>
    Task CopyAsync(string file, CancellationToken cancellationToken = default);

    /// <summary>
    /// Brings a file that was written by <see cref="CopyAsync"/>, here or elsewhere, to the form of this version, and says what it holds.
    /// </summary>
    /// <exception cref="UserErrorException">It is none, is damaged, or is of a newer version.</exception>
    TransferredState Prepare(string file);

    /// <summary>What is recorded now, as <see cref="Prepare"/> says it of a file.</summary>
    Task<TransferredState> CountAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Puts what a prepared file holds in the place of what is recorded, in one step. The processes that are registered here stay. Runs
    /// that were going on where it was taken are interrupted in it: their processes are those of another folder or another time.
    /// </summary>
    /// <param name="file">The prepared file.</param>
    /// <param name="takenAt">When it was taken, which is the last that is known of those runs.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="UserErrorException">
    /// A run is going on here, the file is damaged, or it cannot be written; nothing was changed.
    /// </exception>
    Task ReplaceAsync(string file, DateTimeOffset takenAt, CancellationToken cancellationToken = default);
}
