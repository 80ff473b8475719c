using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Files;

/// <summary>
/// The one way in which files are opened: below <c>.loop</c> nothing is reached through a link, and what was opened is a file and no
/// device, pipe or socket. On Linux the kernel sees to it in one step; elsewhere the path is looked at before and after opening.
/// </summary>
/// <remarks>For files that a workspace shares with others, and that may be links of their user's, see <see cref="SharedPath"/>.</remarks>
public static class GuardedFile
{
    private const int AnyMayReadAndWrite = 0b110_110_110;

    /// <summary>Opens a file for reading, also while others write it.</summary>
    /// <exception cref="LinkRefusedException">There is a link where none is followed.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    public static SafeFileHandle OpenRead(string path) => Open(GuardedPath.Of(path), FileMode.Open, FileAccess.Read);

    /// <summary>Opens or makes a file; <see cref="FileMode.Append"/> is not among what can be asked for.</summary>
    /// <inheritdoc cref="OpenRead"/>
    public static SafeFileHandle Open(string path, FileMode mode, FileAccess access) => Open(GuardedPath.Of(path), mode, access);

    /// <summary>Whether there is a file, and no link to one where links are not followed.</summary>
    public static bool Exists(string path)
    {
        var guarded = GuardedPath.Of(path);
        return File.Exists(path) && guarded.FindLink() is null;
    }

    /// <summary>
    /// Removes a file, or the link in its place, unless there is a link on the way to it. Nothing happens where there is none.
    /// </summary>
    /// <exception cref="LinkRefusedException">There is.</exception>
    public static void Delete(string path)
    {
        CheckFolderOf(path);
        File.Delete(path);
    }

    /// <summary>
    /// Gives a file another name. What stands there already is replaced if so asked; a link is replaced and not followed.
    /// </summary>
    /// <exception cref="LinkRefusedException">There is a link on the way to one of the two.</exception>
    public static void Move(string from, string to, bool overwrite = false)
    {
        CheckFolderOf(from);
        CheckFolderOf(to);
        File.Move(from, to, overwrite);
    }

    /// <summary>Copies a file to a place where there is none yet.</summary>
    /// <inheritdoc cref="OpenRead"/>
    public static void Copy(string from, string to)
    {
        using var source = new FileStream(OpenRead(from), FileAccess.Read);
        using var target = new FileStream(Open(to, FileMode.CreateNew, FileAccess.Write), FileAccess.Write);
        source.CopyTo(target);
    }

    internal static SafeFileHandle Open(GuardedPath path, FileMode mode, FileAccess access)
    {
        if (!NativeFiles.IsUsable)
        {
            return OpenManaged(path, mode, access);
        }

        var flags =
            NativeFiles.CloseOnExec
            | NativeFiles.NonBlocking
            | access switch
            {
                FileAccess.Read => NativeFiles.ReadOnly,
                FileAccess.Write => NativeFiles.WriteOnly,
                _ => NativeFiles.ReadWrite,
            }
            | mode switch
            {
                FileMode.OpenOrCreate => NativeFiles.Create,
                FileMode.CreateNew => NativeFiles.Create | NativeFiles.Exclusive,
                FileMode.Create => NativeFiles.Create | NativeFiles.Truncate,
                _ => 0,
            };
        var descriptor = NativeFiles.Open(path, flags, AnyMayReadAndWrite);
        if (descriptor < 0)
        {
            throw Explain(path, Marshal.GetLastPInvokeError());
        }

        return Checked(path.FullPath, new SafeFileHandle(descriptor, ownsHandle: true));
    }

    internal static Exception Explain(GuardedPath path, int error)
    {
        if (error is NativeFiles.Loop or NativeFiles.NoFolder or NativeFiles.NoEntry && path.FindLink() is { } link)
        {
            return LinkRefusedException.Below(path.FullPath, link.Path, link.Target);
        }

        return error switch
        {
            NativeFiles.NoEntry => Path.Exists(Path.GetDirectoryName(path.FullPath))
                ? new FileNotFoundException($"{path.FullPath} does not exist", path.FullPath)
                : new DirectoryNotFoundException($"The folder of {path.FullPath} does not exist"),
            NativeFiles.NoFolder => new DirectoryNotFoundException($"A part of the way to {path.FullPath} is not a folder"),
            NativeFiles.NoAccess or NativeFiles.NotPermitted or NativeFiles.ReadOnlyFileSystem => new UnauthorizedAccessException(
                $"Access to {path.FullPath} is denied: {NativeFiles.Describe(error)}"
            ),
            NativeFiles.IsFolder => Folder(path.FullPath),
            NativeFiles.NoDevice => NoFile(path.FullPath),
            _ => new IOException($"{path.FullPath}: {NativeFiles.Describe(error)}"),
        };
    }

    internal static SafeFileHandle Checked(string path, SafeFileHandle file)
    {
        switch (SpecialFile.KindOf(file))
        {
            case SpecialFile.Kind.File:
                return file;
            case SpecialFile.Kind.Folder:
                file.Dispose();
                throw Folder(path);
            default:
                file.Dispose();
                throw NoFile(path);
        }
    }

    private static SafeFileHandle OpenManaged(GuardedPath path, FileMode mode, FileAccess access)
    {
        Refuse(path);
        SpecialFile.Refuse(path.FullPath);
#pragma warning disable RS0030 // This is the guard: what it calls, and where the system offers no better way.
        var file = File.OpenHandle(path.FullPath, mode, access, FileShare.ReadWrite | FileShare.Delete);
#pragma warning restore RS0030
        try
        {
            Refuse(path);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static void Refuse(GuardedPath path)
    {
        if (path.FindLink() is { } link)
        {
            throw LinkRefusedException.Below(path.FullPath, link.Path, link.Target);
        }
    }

    private static void CheckFolderOf(string path) => Refuse(GuardedPath.Of(Path.GetDirectoryName(Path.GetFullPath(path))!));

    private static UnauthorizedAccessException Folder(string path) => new($"{path} is a folder and not a file");

    private static IOException NoFile(string path) => new($"{path} is a device, pipe or socket and not a file");
}
