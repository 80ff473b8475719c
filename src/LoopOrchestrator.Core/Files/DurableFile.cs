using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Files;

/// <summary>
/// Whole-file writes that are either there in full or not at all, also after a crash: a temporary file beside the target, synced,
/// renamed over it, and the folder synced. Below <c>.loop</c> no link is followed; see <see cref="GuardedFile"/>.
/// </summary>
public static class DurableFile
{
    /// <summary>
    /// Replaces or creates a file. Outside <c>.loop</c> a symbolic link is followed, so that the link stays a link. Permissions are kept.
    /// </summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="content">The new content.</param>
    /// <param name="beforeRename">
    /// Called when the new content is on disk and before it takes the place of the old; what it throws leaves the old content in place.
    /// </param>
    /// <param name="permissionsOf">
    /// The file whose permissions the new one gets; the replaced file when not given. Where there is none, the system's default.
    /// </param>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; the old content is intact.</exception>
    /// <exception cref="UnauthorizedAccessException">As above, for lack of permission.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content, Action? beforeRename = null, string? permissionsOf = null) =>
        Replace(Followed(path), content, beforeRename, permissionsOf, isDurable: true);

    /// <summary>
    /// As <see cref="Replace(string, ReadOnlySpan{byte}, Action?, string?)"/>, for a file whose links are followed as far as is allowed.
    /// </summary>
    /// <exception cref="LinkRefusedException">It is a link that is not followed.</exception>
    public static void Replace(SharedPath path, ReadOnlySpan<byte> content, Action? beforeRename = null) =>
        Replace(path.Resolve(), content, beforeRename, permissionsOf: null, isDurable: true);

    /// <summary>
    /// As <see cref="Replace(string, ReadOnlySpan{byte}, Action?, string?)"/>, for a path of a workspace on which there is no link.
    /// </summary>
    /// <exception cref="LinkRefusedException">There is a link in its place or on the way to it.</exception>
    internal static void Replace(GuardedPath path, ReadOnlySpan<byte> content, Action? beforeRename, string? permissionsOf = null) =>
        Replace(path, content, beforeRename, permissionsOf, isDurable: true);

    /// <summary>
    /// As <see cref="Replace(string, ReadOnlySpan{byte}, Action?, string?)"/>, whole or not at all for whoever reads it, but not synced:
    /// for what helps as long as the machine runs.
    /// </summary>
    internal static void ReplaceUnsynced(string path, ReadOnlySpan<byte> content) =>
        Replace(Followed(path), content, beforeRename: null, permissionsOf: null, isDurable: false);

    /// <summary>
    /// As <see cref="Replace(string, ReadOnlySpan{byte}, Action?, string?)"/>, for what only its user may read, such as a token.
    /// </summary>
    internal static void ReplacePrivate(string path, ReadOnlySpan<byte> content) =>
        Replace(Followed(path), content, beforeRename: null, permissionsOf: null, isDurable: true, isPrivate: true);

    /// <summary>
    /// As <see cref="Replace(string, ReadOnlySpan{byte}, Action?, string?)"/> with what another file holds, however much that is.
    /// </summary>
    /// <param name="path">The file, on the way to which there is no link.</param>
    /// <param name="source">The other file, whose permissions it gets where there is none to replace.</param>
    /// <param name="beforeRename">Called when the new content is on disk; what it throws leaves the old content in place.</param>
    /// <exception cref="LinkRefusedException">There is a link in its place or on the way to it.</exception>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; the old content is intact.</exception>
    /// <exception cref="UnauthorizedAccessException">As above, for lack of permission.</exception>
    internal static void ReplaceByCopy(GuardedPath path, string source, Action beforeRename)
    {
        using var target = new ReplaceTarget(path);
        var mode = target.RefuseReadOnly();
        try
        {
            using (var from = new FileStream(GuardedFile.OpenRead(source), FileAccess.Read))
            using (var to = new FileStream(target.CreateTemporary(), FileAccess.Write))
            {
                // Before the content, so that nobody reads it who may not read the file.
                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(to.SafeFileHandle, mode ?? File.GetUnixFileMode(from.SafeFileHandle));
                }

                from.CopyTo(to);
                to.Flush(flushToDisk: true);
            }

            beforeRename();
            target.Rename();
        }
        catch
        {
            target.TryDelete();
            throw;
        }

        target.FlushFolder();
    }

    private static void Replace(
        GuardedPath path,
        ReadOnlySpan<byte> content,
        Action? beforeRename,
        string? permissionsOf,
        bool isDurable,
        bool isPrivate = false
    )
    {
        using var target = new ReplaceTarget(path);
        var mode = target.RefuseReadOnly();
        if (!OperatingSystem.IsWindows() && permissionsOf is not null)
        {
            mode = File.Exists(permissionsOf) ? File.GetUnixFileMode(permissionsOf) : null;
        }

        if (isPrivate)
        {
            mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using (var handle = target.CreateTemporary())
            {
                // Before the content, so that nobody reads it who may not read the file.
                if (!OperatingSystem.IsWindows() && mode is { } kept)
                {
                    File.SetUnixFileMode(handle, kept);
                }

                RandomAccess.Write(handle, content, 0);
                if (isDurable)
                {
                    RandomAccess.FlushToDisk(handle);
                }
            }

            beforeRename?.Invoke();
            target.Rename();
        }
        catch (ArgumentOutOfRangeException exception)
        {
            // What .NET makes of EFBIG, which is an error of the disk like any other.
            target.TryDelete();
            throw new IOException($"a file of {content.Length} bytes is larger than is allowed here", exception);
        }
        catch
        {
            target.TryDelete();
            throw;
        }

        if (isDurable)
        {
            target.FlushFolder();
        }
    }

    /// <summary>
    /// Removes temporary files that died processes left beside a file. Only for whoever holds the lock of that file: nobody else can be
    /// about to rename one then.
    /// </summary>
    public static void RemoveLeftovers(string path)
    {
        foreach (var leftover in GuardedFolder.Files(Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Path.GetFileName(path)}.*.tmp"))
        {
            try
            {
                File.Delete(leftover);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // A left-over temporary file harms nobody.
            }
        }
    }

    /// <summary>Reads a whole file, also while another process writes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The most that is read; its size is looked at first.</param>
    /// <returns>The content, or <see langword="null"/> when there is no such file.</returns>
    /// <exception cref="FileTooLargeException">It is larger.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static byte[]? ReadOrNull(string path, long maxBytes = FileSizes.Own) => ReadOrNull(GuardedPath.Of(path), maxBytes);

    internal static byte[]? ReadOrNull(GuardedPath path, long maxBytes)
    {
        // Often there is none, and an exception costs far more than the look.
        if (!Path.Exists(path.FullPath) && path.FindLink() is null)
        {
            return null;
        }

        try
        {
            using var handle = GuardedFile.Open(path, FileMode.Open, FileAccess.Read);
            return ReadAll(handle, path.FullPath, maxBytes);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Reads a whole file that is open.</summary>
    /// <exception cref="FileTooLargeException">It is larger than <paramref name="maxBytes"/>.</exception>
    internal static byte[] ReadAll(SafeFileHandle handle, string path, long maxBytes)
    {
        var length = RandomAccess.GetLength(handle);
        if (length > maxBytes)
        {
            throw new FileTooLargeException(path, length, maxBytes);
        }

        var content = new byte[length];
        var read = 0;
        while (read < content.Length)
        {
            var count = RandomAccess.Read(handle, content.AsSpan(read), read);
            if (count == 0)
            {
                return content[..read];
            }

            read += count;
        }

        return content;
    }

    // A user's own file outside of workspaces may be a link; asked first, because resolving a file that does not exist yet throws.
    private static GuardedPath Followed(string path) =>
        GuardedPath.Of(path) is { Anchor: not null } own
            ? own
            : new GuardedPath(
                new FileInfo(path).LinkTarget is null
                    ? Path.GetFullPath(path)
                    : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName,
                null
            );
}
