using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Files;

/// <summary>
/// A file that a workspace shares with people and other programs. It may be a link of theirs: we follow it step by step, and only to a
/// file that lies in the workspace and neither in <c>.git</c> nor in <c>.loop</c>; then that file is opened by its own path, on which
/// there may be no link any more. Immutable.
/// </summary>
public sealed class SharedPath
{
    private readonly string? _root;

    /// <summary>Names a file of a workspace; nothing is opened.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="path">The file. One below <c>.loop</c> may be no link at all.</param>
    /// <param name="maxBytes">The most that is read of it; see <see cref="FileSizes"/>.</param>
    public SharedPath(WorkspacePaths workspace, string path, long maxBytes)
        : this(path, maxBytes)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        _root = IsBelow(FilePath, workspace.Root) ? workspace.Root : null;
    }

    private SharedPath(string path, long maxBytes)
    {
        FilePath = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        MaxBytes = maxBytes;
    }

    /// <summary>The path by which the file is known.</summary>
    public string FilePath { get; }

    /// <summary>The most bytes that are read of it as a whole.</summary>
    public long MaxBytes { get; }

    /// <summary>A file that a person named outside of any workspace: links are followed as the system does.</summary>
    public static SharedPath Named(string path, long maxBytes) => new(path, maxBytes);

    /// <summary>The whole content, or <see langword="null"/> when there is no such file.</summary>
    /// <exception cref="LinkRefusedException">It is a link that is not followed.</exception>
    /// <exception cref="FileTooLargeException">It is larger than is read.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public byte[]? ReadOrNull() => DurableFile.ReadOrNull(Resolve(), MaxBytes);

    /// <summary>Opens it for reading, also while others write it.</summary>
    /// <exception cref="LinkRefusedException">It is a link that is not followed.</exception>
    /// <exception cref="IOException">It cannot be read, or is missing.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public SafeFileHandle OpenRead() => GuardedFile.Open(Resolve(), FileMode.Open, FileAccess.Read);

    /// <summary>Opens it for reading and writing, and makes it where it is missing.</summary>
    internal SafeFileHandle OpenToAppend() => GuardedFile.Open(Resolve(), FileMode.OpenOrCreate, FileAccess.ReadWrite);

    /// <summary>Opens it for reading and writing; it is there.</summary>
    internal SafeFileHandle OpenToChange() => GuardedFile.Open(Resolve(), FileMode.Open, FileAccess.ReadWrite);

    /// <summary>Where the file really is, to be opened without following links from the workspace's folder on.</summary>
    /// <exception cref="LinkRefusedException">It leads to where it may not.</exception>
    internal GuardedPath Resolve()
    {
        var own = GuardedPath.Of(FilePath);
        if (_root is null && own.Anchor is null)
        {
            // A person's own file: followed here, so that what replaces it does not replace their link.
            return new GuardedPath(RealPath.Of(FilePath), null);
        }

        if (_root is null || (own.Anchor is not null && own.Anchor.Length >= _root.Length))
        {
            return own;
        }

        var plain = new GuardedPath(FilePath, _root);
        return plain.FindLink() is null ? plain : Follow();
    }

    private GuardedPath Follow()
    {
        string target,
            root;
        try
        {
            target = RealPath.Of(FilePath);
            root = RealPath.Of(_root!);
        }
        catch (LinkRefusedException)
        {
            throw;
        }
        catch (IOException exception)
        {
            throw new LinkRefusedException($"{FilePath} cannot be followed ({exception.Message})");
        }

        if (!IsBelow(target, root))
        {
            throw new LinkRefusedException(
                $"{FilePath} leads to {target}, which is outside the workspace. Put a file or folder of the workspace in "
                    + "the place of the link"
            );
        }

        var segments = Path.GetRelativePath(root, target).Split(Path.DirectorySeparatorChar);
        return
            Array.Find(segments, static segment =>
                segment.Equals(".git", StringComparison.OrdinalIgnoreCase) || segment.Equals(".loop", StringComparison.OrdinalIgnoreCase)
            )
                is { } closed
            ? throw new LinkRefusedException(
                $"{FilePath} leads to {target}, and links into {closed} are not followed. Put a file of the workspace's "
                    + "own in the place of the link"
            )
            : new GuardedPath(target, root);
    }

    private static bool IsBelow(string path, string folder) =>
        path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
