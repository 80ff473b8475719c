using LoopOrchestrator.Core.Errors;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Files;

/// <summary>
/// Read-change-replace of one shared text file. Processes of ours take turns by a lock; an editor that takes no lock is noticed,
/// because the file is read again immediately before the rename and the change is made anew on what stands there then.
/// Safe for use by many threads.
/// </summary>
/// <param name="path">The file; created when a change returns content for a missing one.</param>
/// <param name="lockPath">The lock file that all processes use for it.</param>
/// <param name="ensureFolders">Called before the lock is taken, to create the lock's folder.</param>
/// <param name="backups">Where the bytes that a change replaces are kept; not at all when not given.</param>
internal sealed class SharedFile(SharedPath path, string lockPath, Action ensureFolders, FileBackups? backups = null)
{
    private const int MaxAttempts = 5;

    private bool _swept;

    /// <summary>Called between the last look at the old file and the rename: the moment that cannot be closed. For tests.</summary>
    internal Action? BeforeReplace { get; set; }

    /// <summary>The file.</summary>
    public string FilePath => path.FilePath;

    /// <summary>The content now, or <see langword="null"/> when there is no such file.</summary>
    /// <exception cref="UserErrorException">The file cannot be read.</exception>
    public byte[]? Read()
    {
        try
        {
            return path.ReadOrNull();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{FilePath} cannot be read ({exception.Message}). {Advice(exception)}", exception);
        }
    }

    /// <summary>Changes the file. When this returns, the new content is on disk.</summary>
    /// <param name="change">
    /// Gets the content (<see langword="null"/> for a missing file) and returns the new content and a result. It is called again when
    /// somebody else changed the file meanwhile, so it must have no effect of its own. Returning <see langword="null"/> content changes
    /// nothing.
    /// </param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <exception cref="UserErrorException">The file could not be read or written; the old content is intact.</exception>
    public async ValueTask<T> ChangeAsync<T>(
        Func<byte[]?, (byte[]? Content, T Result)> change,
        CancellationToken cancellationToken = default
    ) => (await ChangeWithBackupAsync(change, cancellationToken)).Result;

    /// <summary>
    /// As <see cref="ChangeAsync"/>, and tells where the replaced bytes are; <see langword="null"/> when nothing was replaced or no backups
    /// are kept.
    /// </summary>
    /// <exception cref="UserErrorException">
    /// The file could not be read or written, or the bytes to be replaced could not be kept; the old content is intact.
    /// </exception>
    public async ValueTask<(T Result, string? Backup)> ChangeWithBackupAsync<T>(
        Func<byte[]?, (byte[]? Content, T Result)> change,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(change);
        ensureFolders();
        using var fileLock = await FileLock.AcquireAsync(lockPath, cancellationToken: cancellationToken);
        if (!_swept)
        {
            _swept = true;
            DurableFile.RemoveLeftovers(FilePath);
        }

        byte[]? overtaken = null;
        byte[]? written = null;
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            var old = Read();
            var basis = overtaken is not null && SameContent(old, written) ? overtaken : old;
            var (content, result) = change(basis);
            if (content is null && ReferenceEquals(basis, old))
            {
                return (result, null);
            }

            using var replaced = TryOpen();
            if (TryReplace(old, content ?? basis!, out var backup))
            {
                var last = ReadAll(replaced);
                if (last is null || SameContent(old, last))
                {
                    return (result, backup);
                }

                // Somebody wrote into the old file between our last look and the rename: the change is made anew with what they wrote.
                overtaken = last.AsSpan().StartsWith(old) ? [.. basis ?? [], .. last.AsSpan((old ?? []).Length)] : last;
                written = content ?? basis;
            }
        }

        throw new UserErrorException(
            $"{FilePath} was changed by another program each of the {MaxAttempts} times that we were about to write it; "
                + "nothing was written. Repeat the call when that program is done."
        );
    }

    private SafeFileHandle? TryOpen()
    {
        try
        {
            return path.OpenRead();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A file that is not there yet cannot be overtaken, and one that cannot be read was refused before.
            return null;
        }
    }

    // By the handle: the name leads to the new file already.
    private byte[]? ReadAll(SafeFileHandle? replaced) => replaced is null ? null : DurableFile.ReadAll(replaced, FilePath, path.MaxBytes);

    private static string Advice(Exception exception) =>
        exception switch
        {
            FileTooLargeException => "Move what is not needed any more to another file.",
            LinkRefusedException => "Nothing was read or written through it.",
            _ => "Check that it is a file and that this user may read it.",
        };

    private bool TryReplace(byte[]? old, byte[] content, out string? backup)
    {
        string? kept = null;
        try
        {
            DurableFile.Replace(path, content, () =>
            {
                kept = old is null ? null : backups?.Keep(old);

                // Last of all: whatever takes time before it gives an editor the time to save.
                if (!SameContent(old, path.ReadOrNull()))
                {
                    throw new ChangedMeanwhileException();
                }

                BeforeReplace?.Invoke();
            });
            backup = kept;
            return true;
        }
        catch (ChangedMeanwhileException)
        {
            if (kept is not null)
            {
                FileBackups.Discard(kept);
            }

            backup = null;
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"{FilePath} could not be written ({exception.Message}); it is as it was. Check permissions and free "
                    + "space, then repeat the call.",
                exception
            );
        }
    }

    private static bool SameContent(byte[]? left, byte[]? right) =>
        left is null ? right is null : right is not null && left.AsSpan().SequenceEqual(right);

    private sealed class ChangedMeanwhileException : Exception;
}
