using System.IO.Enumeration;
using System.Runtime.InteropServices;
using LoopOrchestrator.Core.Native;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Files;

/// <summary>Folders of our own: made, listed and removed without following a link on the way to them or among their entries.</summary>
internal static class GuardedFolder
{
    private const UnixFileMode ForUserOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly EnumerationOptions NoLinks = new()
    {
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = false,
    };
    private static readonly EnumerationOptions NoLinksBelow = new()
    {
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = false,
        RecurseSubdirectories = true,
    };

    /// <summary>Whether there is such a folder. A link in its place, or on the way to it, is none.</summary>
    public static bool Exists(string path) => Directory.Exists(path) && GuardedPath.Of(path).FindLink() is null;

    /// <summary>
    /// Makes the folder and those above it, where they are missing: below a folder <c>.loop</c> down from the one that holds it, which is
    /// never made, because a workspace that was moved away must not come back with nothing but our state in it.
    /// </summary>
    /// <exception cref="LinkRefusedException">There is a link in its place or on the way to it.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder that holds <c>.loop</c> is not there.</exception>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static void Create(string path) => Create(GuardedPath.Of(path));

    /// <summary>As above, and for the user alone where the system knows that. One that is there is taken as it is.</summary>
    /// <exception cref="LinkRefusedException">There is a link in its place or on the way to it.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder that holds <c>.loop</c> is not there.</exception>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static void CreatePrivate(string path) => Create(GuardedPath.Of(path), isPrivate: true);

    /// <summary>
    /// Makes a folder for files that a workspace shares, and those above it down from the anchor, which is never made. One that is there
    /// is taken as it is, also by a link: where that leads is checked for each file in it (<see cref="SharedPath"/>).
    /// </summary>
    internal static void CreateShared(string anchor, string path)
    {
        if (!Directory.Exists(path))
        {
            Create(new GuardedPath(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)), anchor));
        }
    }

    /// <summary>As above, where no link is taken for a folder.</summary>
    /// <exception cref="LinkRefusedException">There is a link in its place or on the way to it.</exception>
    internal static void CreateBelow(string anchor, string path) =>
        Create(new GuardedPath(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)), anchor));

    private static void Create(GuardedPath path, bool isPrivate = false)
    {
        if (
            NativeFiles.IsUsable
            && NativeFiles.Open(path, NativeFiles.PathOnly | NativeFiles.Directory | NativeFiles.CloseOnExec) is >= 0 and var there
        )
        {
            new SafeFileHandle(there, ownsHandle: true).Dispose();
            return;
        }

        Check(path);
        if (NativeFiles.IsUsable && path.Anchor is not null)
        {
            CreateStepwise(path, isPrivate);
        }
        else if (path.Anchor is null || Directory.Exists(path.Anchor))
        {
#pragma warning disable RS0030 // This is the guard: where the system offers no better way, or the path is the user's own.
            if (isPrivate && !OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path.FullPath, ForUserOnly);
            }
            else
            {
                Directory.CreateDirectory(path.FullPath);
            }
#pragma warning restore RS0030
        }
        else
        {
            throw new DirectoryNotFoundException($"The folder {path.Anchor} does not exist");
        }

        Check(path);
    }

    // By the open anchor: when that is moved while we work, what we make moves with it.
    private static void CreateStepwise(GuardedPath path, bool isPrivate)
    {
        var folder = Open(new GuardedPath(path.Anchor!, null));
        try
        {
            var current = path.Anchor!;
            foreach (var segment in path.Relative.Split(Path.DirectorySeparatorChar))
            {
                current = Path.Combine(current, segment);
                var permissions = isPrivate && current == path.FullPath ? (uint)ForUserOnly : NativeFiles.EveryPermission;
                var error = LibC.MkdirAt(folder, segment, permissions) == 0 ? 0 : Marshal.GetLastPInvokeError();
                if (error is not 0 and not NativeFiles.AlreadyThere)
                {
                    throw GuardedFile.Explain(path, error);
                }

                var next = NativeFiles.OpenEntry(
                    folder,
                    segment,
                    NativeFiles.PathOnly | NativeFiles.Directory | NativeFiles.CloseOnExec,
                    0
                );
                error = Marshal.GetLastPInvokeError();
                if (next < 0)
                {
                    throw GuardedFile.Explain(path with { FullPath = current }, error);
                }

                folder.Dispose();
                folder = new SafeFileHandle(next, ownsHandle: true);
            }
        }
        finally
        {
            folder.Dispose();
        }
    }

    /// <summary>The folders in it that are no links; none where it is missing.</summary>
    /// <exception cref="LinkRefusedException">There is a link in its place or on the way to it.</exception>
    public static IEnumerable<string> Folders(string path, string pattern = "*") =>
        IsThere(path) ? Directory.EnumerateDirectories(path, pattern, NoLinks) : [];

    /// <summary>The files in it that are no links; none where it is missing.</summary>
    /// <exception cref="LinkRefusedException">There is a link in its place or on the way to it.</exception>
    public static IEnumerable<string> Files(string path, string pattern = "*") =>
        IsThere(path) ? Directory.EnumerateFiles(path, pattern, NoLinks) : [];

    /// <summary>The files in it and in the folders below it, links left out; none where it is missing.</summary>
    /// <exception cref="LinkRefusedException">There is a link in its place or on the way to it.</exception>
    public static IEnumerable<string> FilesBelow(string path, string pattern = "*") =>
        IsThere(path) ? Directory.EnumerateFiles(path, pattern, NoLinksBelow) : [];

    /// <summary>
    /// What stands in a folder of a workspace, in no order: at most <paramref name="most"/> entries. Links are told and not followed; no
    /// link is on the way to the folder either.
    /// </summary>
    /// <exception cref="LinkRefusedException">There is a link in its place or on the way to it.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    internal static IReadOnlyList<Entry> Entries(GuardedPath path, int most)
    {
        if (!NativeFiles.IsUsable || !Directory.Exists("/proc/self/fd"))
        {
            Check(path);
            var entries = EntriesOf(path.FullPath, most);
            Check(path);
            return entries;
        }

        // By the open folder: whoever puts a link in its place meanwhile gains nothing.
        using var folder = Open(path.Relative == "." ? new GuardedPath(path.FullPath, null) : path);
        return EntriesOf($"/proc/self/fd/{folder.DangerousGetHandle()}/", most);
    }

    private static List<Entry> EntriesOf(string path, int most) =>
        [
            .. new FileSystemEnumerable<Entry>(
                path,
                static (ref FileSystemEntry entry) =>
                {
                    var isLink = entry.Attributes.HasFlag(FileAttributes.ReparsePoint);
                    var isFolder = !isLink && entry.IsDirectory;
                    return new Entry(entry.FileName.ToString(), isLink, isFolder, isLink || isFolder ? 0 : entry.Length);
                },
                new EnumerationOptions { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false }
            ).Take(most),
        ];

    /// <summary>
    /// Removes a folder with all that is in it; links among that are removed and not followed. Nothing happens where it is missing.
    /// </summary>
    /// <exception cref="LinkRefusedException">There is a link in its place or on the way to it.</exception>
    public static void Delete(string path)
    {
        Check(GuardedPath.Of(path));
        if (!Directory.Exists(path))
        {
            return;
        }

        if (!NativeFiles.IsUsable || !Directory.Exists("/proc/self/fd"))
        {
#pragma warning disable RS0030 // This is the guard: what it calls, and where the system offers no better way.
            Directory.Delete(path, recursive: true);
#pragma warning restore RS0030
            return;
        }

        // By the open folder above it: whoever puts a link on the way meanwhile gains nothing.
        using var above = Open(Path.GetDirectoryName(Path.GetFullPath(path))!);
#pragma warning disable RS0030 // As above.
        Directory.Delete($"/proc/self/fd/{above.DangerousGetHandle()}/{Path.GetFileName(path)}", recursive: true);
#pragma warning restore RS0030
    }

    /// <summary>Opens a folder, so that what is done by it is done in this one, whatever becomes of its path. Linux only.</summary>
    internal static SafeFileHandle Open(string path) => Open(GuardedPath.Of(path));

    internal static SafeFileHandle Open(GuardedPath path)
    {
        var descriptor = NativeFiles.Open(path, NativeFiles.ReadOnly | NativeFiles.Directory | NativeFiles.CloseOnExec);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw (
                GuardedFile.Explain(path, Marshal.GetLastPInvokeError()) is var error and not FileNotFoundException
                    ? error
                    : new DirectoryNotFoundException($"The folder {path.FullPath} does not exist")
            );
    }

    private static bool IsThere(string path)
    {
        Check(GuardedPath.Of(path));
        return Directory.Exists(path);
    }

    private static void Check(GuardedPath path)
    {
        if (path.FindLink() is { } link)
        {
            throw LinkRefusedException.Below(path.FullPath, link.Path, link.Target);
        }
    }

    /// <summary>What stands in a folder.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="IsLink">Whether it is a link, whatever it leads to.</param>
    /// <param name="IsFolder">Whether it is a folder and no link.</param>
    /// <param name="Size">The bytes of a file.</param>
    internal sealed record Entry(string Name, bool IsLink, bool IsFolder, long Size);
}
