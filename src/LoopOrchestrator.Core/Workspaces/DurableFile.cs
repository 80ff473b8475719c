namespace LoopOrchestrator.Core.Workspaces;

/// <summary>
/// Whole-file writes that are either there in full or not at all, also after a crash: a temporary file beside the target, synced,
/// renamed over it, and the folder synced.
/// </summary>
public static class DurableFile
{
    /// <summary>Replaces or creates a file. A symbolic link is followed, so that the link stays a link. Permissions are kept.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="content">The new content.</param>
    /// <param name="beforeRename">Called when the new content is on disk and before it takes the place of the old; what it throws leaves the old content in place.</param>
    /// <param name="permissionsOf">The file whose permissions the new one gets; the replaced file when not given. Where there is none, the system's default.</param>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; the old content is intact.</exception>
    /// <exception cref="UnauthorizedAccessException">As above, for lack of permission.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content, Action? beforeRename = null, string? permissionsOf = null) =>
        Replace(path, content, beforeRename, permissionsOf, isDurable: true);

    /// <summary>As <see cref="Replace(string, ReadOnlySpan{byte}, Action?, string?)"/>, whole or not at all for whoever reads it, but not synced: for what helps as long as the machine runs.</summary>
    internal static void ReplaceUnsynced(string path, ReadOnlySpan<byte> content) => Replace(path, content, beforeRename: null, permissionsOf: null, isDurable: false);

    private static void Replace(string path, ReadOnlySpan<byte> content, Action? beforeRename, string? permissionsOf, bool isDurable)
    {
        // Asked first, because resolving a file that does not exist yet throws.
        var isLink = new FileInfo(path).LinkTarget is not null;
        var target = isLink ? File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName : Path.GetFullPath(path);
        if (!SpecialFile.Refuse(target))
        {
            RefuseReadOnly(target);
        }

        var folder = Path.GetDirectoryName(target)!;
        var temporary = Path.Combine(folder, $".{Path.GetFileName(target)}.{Environment.ProcessId:x}-{Random.Shared.NextInt64():x}.tmp");
        try
        {
            using (var handle = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, preallocationSize: content.Length))
            {
                // Before the content, so that nobody reads it who may not read the file.
                if (!OperatingSystem.IsWindows() && File.Exists(permissionsOf ?? target))
                {
                    File.SetUnixFileMode(handle, File.GetUnixFileMode(permissionsOf ?? target));
                }

                RandomAccess.Write(handle, content, 0);
                if (isDurable)
                {
                    RandomAccess.FlushToDisk(handle);
                }
            }

            beforeRename?.Invoke();
            File.Move(temporary, target, overwrite: true);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            // What .NET makes of EFBIG, which is an error of the disk like any other.
            TryDelete(temporary);
            throw new IOException($"a file of {content.Length} bytes is larger than is allowed here", exception);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }

        if (isDurable)
        {
            DirectorySync.Flush(folder);
        }
    }

    /// <summary>
    /// Removes temporary files that died processes left beside a file. Only for whoever holds the lock of that file: nobody else can be
    /// about to rename one then.
    /// </summary>
    public static void RemoveLeftovers(string path)
    {
        foreach (var leftover in Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Path.GetFileName(path)}.*.tmp"))
        {
            TryDelete(leftover);
        }
    }

    /// <summary>Reads a whole file, also while another process writes it.</summary>
    /// <returns>The content, or <see langword="null"/> when there is no such file.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static byte[]? ReadOrNull(string path)
    {
        // As .NET opens it, which is not as the system would read "..".
        path = Path.GetFullPath(path);

        // Often there is none, and an exception costs far more than the look.
        if (SpecialFile.Refuse(path))
        {
            return null;
        }

        try
        {
            using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var content = new byte[RandomAccess.GetLength(handle)];
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
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    // A rename asks for no permission on the file itself, and would pass over its user's "read only".
    private static void RefuseReadOnly(string target)
    {
        try
        {
            using var _ = File.OpenHandle(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // There is nothing to replace.
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The write has failed already and its error is on the way; a left-over temporary file harms nobody.
        }
    }
}
