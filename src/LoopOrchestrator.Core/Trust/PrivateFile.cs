using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Trust;

/// <summary>A file of the user's own, outside every workspace, that only they may read and that several processes change.</summary>
public static class PrivateFile
{
    /// <summary>
    /// Reads the file, and puts what is made of it in its place: whole or not at all, readable by its user alone (0600), one change after
    /// another. Its folder is made where it is missing; the lock beside it stays.
    /// </summary>
    /// <param name="path">The file, absolute.</param>
    /// <param name="maxBytes">The most that is read.</param>
    /// <param name="change">
    /// Makes the new content of the old, which is <see langword="null"/> where there is no file; what it throws leaves all as it was.
    /// </param>
    /// <param name="cancellationToken">Ends the wait for another change.</param>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public static async Task ChangeAsync(
        string path,
        long maxBytes,
        Func<byte[]?, byte[]> change,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(change);
        GuardedFolder.CreatePrivate(Path.GetDirectoryName(path)!);
        using var turn = await FileLock.AcquireAsync(path + ".lock", cancellationToken: cancellationToken);
        DurableFile.ReplacePrivate(path, change(DurableFile.ReadOrNull(path, maxBytes)));
    }
}
