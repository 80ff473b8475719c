using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Native;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>
/// Changes in a work tree by the bytes of a path, never through a symbolic link below its top. .NET knows paths as text only, and would
/// not find a file whose name is not UTF-8.
/// </summary>
/// <param name="top">The top of the work tree, absolute.</param>
internal sealed class RawFiles(string top)
{
    private const int NoEntry = 2;
    private const int NoPermission = 13;
    private const int NoFolder = 20;
    private const int Invalid = 22;

    /// <summary>What is at a path.</summary>
    public enum Kind
    {
        /// <summary>Nothing, or something that a link or a file above it hides.</summary>
        Nothing,

        /// <summary>A folder.</summary>
        Folder,

        /// <summary>A symbolic link, wherever it leads.</summary>
        Link,

        /// <summary>A file, or a device, pipe or socket.</summary>
        File,
    }

    /// <summary>What is at a path below the top.</summary>
    public Kind At(PathName path) => path.Parents.All(parent => Direct(parent) == Kind.Folder) ? Direct(path) : Kind.Nothing;

    /// <summary>
    /// The outermost folder on the way to a path that is a link or a file instead; <see langword="null"/> when the way is free.
    /// </summary>
    public PathName? Obstacle(PathName path)
    {
        foreach (var parent in path.Parents)
        {
            var kind = Direct(parent);
            if (kind == Kind.Nothing)
            {
                return null;
            }

            if (kind != Kind.Folder)
            {
                return parent;
            }
        }

        return null;
    }

    /// <summary>
    /// Puts a file or link in the place of what is at a path, in one step, and makes the folders that are missing on the way.
    /// </summary>
    /// <param name="fromTop">Where it is now: a folder, absolute, on the same file system, with the file below it at the same path.</param>
    /// <exception cref="IOException">It could not be put there.</exception>
    public void Put(string fromTop, PathName path)
    {
        if (Obstacle(path) is { } obstacle)
        {
            throw new IOException($"{obstacle.Display} is no folder");
        }

        if (OperatingSystem.IsWindows())
        {
            GuardedFolder.CreateShared(top, Path.GetDirectoryName(Absolute(top, path))!);
            File.Move(Absolute(fromTop, path), Absolute(top, path), overwrite: true);
            return;
        }

        foreach (var parent in path.Parents.Where(parent => Direct(parent) == Kind.Nothing))
        {
            Check(LibC.Mkdir(Bytes(top, parent), Convert.ToUInt32("777", 8)));
        }

        Check(LibC.Rename(Bytes(fromTop, path), Bytes(top, path)));
    }

    /// <summary>Takes a file or link away by moving it to the same path below another folder.</summary>
    /// <exception cref="IOException">It could not be taken away.</exception>
    public void Take(string toTop, PathName path)
    {
        if (Obstacle(path) is { } obstacle)
        {
            throw new IOException($"{obstacle.Display} is no folder");
        }

        // The way back of the same: the other folder is ours and has no links in it.
        var other = new RawFiles(toTop);
        if (At(path) == Kind.Folder)
        {
            throw new IOException("it is a folder");
        }

        other.Put(top, path);
    }

    /// <summary>Removes a folder if it is empty.</summary>
    /// <returns>Whether it is gone.</returns>
    public bool TryRemoveFolder(PathName path)
    {
        if (OperatingSystem.IsWindows())
        {
            try
            {
                Directory.Delete(Absolute(top, path));
                return true;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }

        return LibC.Rmdir(Bytes(top, path)) == 0;
    }

    /// <summary>Sets permissions, for a file and not for a link.</summary>
    public void SetMode(PathName path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            Check(LibC.Chmod(Bytes(top, path), (uint)mode));
        }
    }

    private Kind Direct(PathName path)
    {
        if (OperatingSystem.IsWindows())
        {
            var file = new FileInfo(Absolute(top, path));
            return file.LinkTarget is not null ? Kind.Link
                : Directory.Exists(file.FullName) ? Kind.Folder
                : file.Exists ? Kind.File
                : Kind.Nothing;
        }

        // readlink tells links from the rest without following, and needs no struct whose layout differs by system.
        Span<byte> target = stackalloc byte[1];
        if (LibC.ReadLink(Bytes(top, path), ref target[0], target.Length) >= 0)
        {
            return Kind.Link;
        }

        return Marshal.GetLastPInvokeError() switch
        {
            Invalid => LibC.Access(Bytes(top, new PathName(path.Raw + "/.")), 0) == 0 || Marshal.GetLastPInvokeError() == NoPermission
                ? Kind.Folder
                : Kind.File,
            NoEntry or NoFolder => Kind.Nothing,
            var error => throw new IOException($"{path.Display} cannot be looked at: {new Win32Exception(error).Message}"),
        };
    }

    private static string Absolute(string top, PathName path) =>
        Path.Combine(top, Encoding.UTF8.GetString(path.Bytes).Replace('/', Path.DirectorySeparatorChar));

    private static byte[] Bytes(string top, PathName path) => [.. Encoding.UTF8.GetBytes(top), (byte)'/', .. path.Bytes, 0];

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new IOException(new Win32Exception(Marshal.GetLastPInvokeError()).Message);
        }
    }
}
