using System.Runtime.InteropServices;
using LoopOrchestrator.Core.Native;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Files;

/// <summary>
/// A file that is about to be replaced, and the temporary file beside it. On Linux both are named in their folder, which is kept open:
/// what becomes of its path meanwhile changes nothing. Used by one thread.
/// </summary>
internal sealed class ReplaceTarget : IDisposable
{
    private const int AnyMayReadAndWrite = 0b110_110_110;

    private readonly GuardedPath _path;
    private readonly string _name;
    private readonly string _folderPath;
    private readonly string _temporary;
    private readonly SafeFileHandle? _folder;

    /// <summary>Opens the folder of the file, which must exist.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public ReplaceTarget(GuardedPath path)
    {
        _path = path;
        _name = Path.GetFileName(path.FullPath);
        _folderPath = Path.GetDirectoryName(path.FullPath)!;
        _temporary = $".{_name}.{Environment.ProcessId:x}-{Random.Shared.NextInt64():x}.tmp";
        _folder = NativeFiles.IsUsable ? GuardedFolder.Open(FolderOf(path)) : null;
    }

    /// <summary>
    /// A rename asks for no permission on the file itself, and would pass over its user's "read only", and put a file in the place of a
    /// device.
    /// </summary>
    /// <returns>The file's permissions; <see langword="null"/> where there is nothing to replace.</returns>
    public UnixFileMode? RefuseReadOnly()
    {
        try
        {
            using var file = _folder is null
                ? GuardedFile.Open(_path, FileMode.Open, FileAccess.Write)
                : OpenEntry(_name, NativeFiles.WriteOnly);
            return OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(file);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Makes the temporary file.</summary>
    public SafeFileHandle CreateTemporary() =>
        _folder is null
            ? GuardedFile.Open(new GuardedPath(TemporaryPath, _path.Anchor), FileMode.CreateNew, FileAccess.Write)
            : OpenEntry(_temporary, NativeFiles.WriteOnly | NativeFiles.Create | NativeFiles.Exclusive);

    /// <summary>Puts the temporary file in the place of the file.</summary>
    public void Rename()
    {
        if (_folder is null)
        {
            if (_path.FindLink() is { } link)
            {
                throw LinkRefusedException.Below(_path.FullPath, link.Path, link.Target);
            }

            File.Move(TemporaryPath, _path.FullPath, overwrite: true);
        }
        else if (LibC.RenameAt(_folder, _temporary, _folder, _name) != 0)
        {
            throw GuardedFile.Explain(_path, Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>
    /// Takes the temporary file away. The write has failed already and its error is on the way: a left-over file harms nobody.
    /// </summary>
    public void TryDelete()
    {
        if (_folder is not null)
        {
            _ = LibC.UnlinkAt(_folder, _temporary, 0);
            return;
        }

        try
        {
            File.Delete(TemporaryPath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // As above.
        }
    }

    /// <summary>Waits until the folder's entries are on disk.</summary>
    public void FlushFolder()
    {
        if (_folder is null)
        {
            DirectorySync.Flush(_folderPath);
        }
        else
        {
            DirectorySync.Flush(_folder, _folderPath);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _folder?.Dispose();

    private string TemporaryPath => Path.Combine(_folderPath, _temporary);

    // The anchor may be the folder itself; then the folder is opened as the system does.
    private static GuardedPath FolderOf(GuardedPath path)
    {
        var folder = Path.GetDirectoryName(path.FullPath)!;
        return new(folder, path.Anchor is { } anchor && folder.Length > anchor.Length ? anchor : null);
    }

    private SafeFileHandle OpenEntry(string name, int flags)
    {
        var descriptor = NativeFiles.OpenEntry(
            _folder!,
            name,
            flags | NativeFiles.CloseOnExec | NativeFiles.NonBlocking,
            AnyMayReadAndWrite
        );
        return descriptor >= 0
            ? GuardedFile.Checked(_path.FullPath, new SafeFileHandle(descriptor, ownsHandle: true))
            : throw GuardedFile.Explain(new GuardedPath(Path.Combine(_folderPath, name), _path.Anchor), Marshal.GetLastPInvokeError());
    }
}
