using System.Globalization;
using System.Text;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>What a checkpoint has to know beside the content of files. Immutable.</summary>
/// <param name="Unknown">
/// What was there and is not in it: ignored by git, a repository of its own, or not readable. A whole folder ends with <c>/</c>. Of these
/// nobody can say later whether the run made them, so no rollback touches them.
/// </param>
/// <param name="EmptyFolders">Folders without any file; git does not know them, and a rollback must not take them away.</param>
/// <param name="Permissions">The permissions of files that not everybody may read; of others git keeps enough.</param>
internal sealed record CheckpointNotes(
    IReadOnlySet<string> Unknown,
    IReadOnlySet<string> EmptyFolders,
    IReadOnlyDictionary<PathName, UnixFileMode> Permissions
)
{
    /// <summary>The permissions of a folder that are not noted.</summary>
    public const UnixFileMode UsualFolder =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead | AllExecute;

    /// <summary>The permission of everybody to read. Permissions without it are noted.</summary>
    public const UnixFileMode AllRead = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>The permission of everybody to execute.</summary>
    public const UnixFileMode AllExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const string AboveUnknown = "n";

    /// <summary>Nothing noted.</summary>
    public static readonly CheckpointNotes None = new(
        new HashSet<string>(StringComparer.Ordinal),
        new HashSet<string>(StringComparer.Ordinal),
        new Dictionary<PathName, UnixFileMode>()
    );

    /// <summary>Repositories of their own within, which no checkpoint holds. Each is in <see cref="Unknown"/> too.</summary>
    public IReadOnlySet<string> Repositories { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Tracked files that a sparse checkout leaves out of the work tree: they come and go with its settings.</summary>
    public IReadOnlySet<string> Sparse { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The permissions of folders that have others than <see cref="UsualFolder"/>.</summary>
    public IReadOnlyDictionary<PathName, UnixFileMode> Folders { get; init; } = new Dictionary<PathName, UnixFileMode>();

    /// <summary>
    /// What differs from the last commit in the repository above the workspace's folder: its path from the top, and what tells it from
    /// the same file at another moment.
    /// </summary>
    public IReadOnlyDictionary<string, string> Above { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether git could not say what differs above the workspace's folder, or it was too much.</summary>
    public bool IsAboveUnknown { get; init; }

    /// <summary>Whether a path was there with a content that is not in the checkpoint, or may have been.</summary>
    public bool IsUnknown(PathName path) =>
        Unknown.Count > 0
        && (
            Unknown.Contains(path.Raw) || Unknown.Contains(path.Raw + "/") || path.Parents.Any(parent => Unknown.Contains(parent.Raw + "/"))
        );

    /// <summary>As bytes; what is the same has the same bytes.</summary>
    public byte[] Write() =>
        Encoding.Latin1.GetBytes(
            string.Concat(
                Unknown
                    .Order(StringComparer.Ordinal)
                    .Select(static path => $"u {path}\0")
                    .Concat(EmptyFolders.Order(StringComparer.Ordinal).Select(static path => $"e {path}\0"))
                    .Concat(
                        Permissions
                            .OrderBy(static one => one.Key.Raw, StringComparer.Ordinal)
                            .Select(static one => $"{Convert.ToString((int)one.Value, 8)} {one.Key.Raw}\0")
                    )
                    .Concat(Repositories.Order(StringComparer.Ordinal).Select(static path => $"r {path}\0"))
                    .Concat(Sparse.Order(StringComparer.Ordinal).Select(static path => $"s {path}\0"))
                    .Concat(
                        Folders
                            .OrderBy(static one => one.Key.Raw, StringComparer.Ordinal)
                            .Select(static one => $"d{Convert.ToString((int)one.Value, 8)} {one.Key.Raw}\0")
                    )
                    .Concat(Above.OrderBy(static one => one.Key, StringComparer.Ordinal).Select(static one => $"a{one.Value} {one.Key}\0"))
                    .Append(IsAboveUnknown ? $"{AboveUnknown} \0" : "")
            )
        );

    /// <summary>From bytes; entries of a kind that is not known are passed over.</summary>
    public static CheckpointNotes Read(ReadOnlySpan<byte> bytes)
    {
        var unknown = new HashSet<string>(StringComparer.Ordinal);
        var empty = new HashSet<string>(StringComparer.Ordinal);
        var permissions = new Dictionary<PathName, UnixFileMode>();
        var repositories = new HashSet<string>(StringComparer.Ordinal);
        var sparse = new HashSet<string>(StringComparer.Ordinal);
        var folders = new Dictionary<PathName, UnixFileMode>();
        var above = new Dictionary<string, string>(StringComparer.Ordinal);
        var isAboveUnknown = false;
        foreach (var entry in Encoding.Latin1.GetString(bytes).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var space = entry.IndexOf(' ', StringComparison.Ordinal);
            var (kind, path) = (entry[..Math.Max(space, 0)], entry[(space + 1)..]);
            if (kind == "u")
            {
                unknown.Add(path);
            }
            else if (kind == "e")
            {
                empty.Add(path);
            }
            else if (kind == AboveUnknown)
            {
                isAboveUnknown = true;
            }
            else if (kind == "r")
            {
                repositories.Add(path);
            }
            else if (kind == "s")
            {
                sparse.Add(path);
            }
            else if (kind is ['d', .. var mode] && int.TryParse(mode, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                folders[new PathName(path)] = (UnixFileMode)Convert.ToInt32(mode, 8);
            }
            else if (kind is ['a', .. var stamp])
            {
                above[path] = stamp;
            }
            else if (int.TryParse(kind, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                permissions[new PathName(path)] = (UnixFileMode)Convert.ToInt32(kind, 8);
            }
        }

        return new CheckpointNotes(unknown, empty, permissions)
        {
            Repositories = repositories,
            Sparse = sparse,
            Folders = folders,
            Above = above,
            IsAboveUnknown = isAboveUnknown,
        };
    }
}
