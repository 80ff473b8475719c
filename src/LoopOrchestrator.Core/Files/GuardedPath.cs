namespace LoopOrchestrator.Core.Files;

/// <summary>A path, and the folder below which no link is followed on the way to it.</summary>
/// <param name="FullPath">Absolute, without a separator at its end.</param>
/// <param name="Anchor">
/// The folder that is opened as the system would; <see langword="null"/> where links are followed all the way, which is so for the user's
/// own files outside workspaces.
/// </param>
internal readonly record struct GuardedPath(string FullPath, string? Anchor)
{
    private const string StateFolderName = ".loop";

    /// <summary>
    /// Below a folder named <c>.loop</c>, itself included, nothing is reached through a link. The rule goes by the name, so that no caller
    /// can forget it and the supervisor, which is told its run's folder only, has it as well.
    /// </summary>
    public static GuardedPath Of(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var name = Path.DirectorySeparatorChar + StateFolderName;
        for (
            var at = full.LastIndexOf(name, StringComparison.Ordinal);
            at >= 0;
            at = at == 0 ? -1 : full.LastIndexOf(name, at - 1, StringComparison.Ordinal)
        )
        {
            var end = at + name.Length;
            if (end == full.Length || full[end] == Path.DirectorySeparatorChar)
            {
                return new(full, at == 0 ? Path.GetPathRoot(full)! : full[..at]);
            }
        }

        return new(full, null);
    }

    /// <summary>The way from the anchor to the file, or the whole path where there is no anchor.</summary>
    public string Relative => Anchor is null ? FullPath : Path.GetRelativePath(Anchor, FullPath);

    /// <summary>The first link on the way from the anchor, with where it leads; <see langword="null"/> when there is none.</summary>
    public (string Path, string Target)? FindLink()
    {
        if (Anchor is null)
        {
            return null;
        }

        var current = Anchor;
        foreach (var segment in Relative.Split(Path.DirectorySeparatorChar))
        {
            current = Path.Combine(current, segment);
            if (new FileInfo(current).LinkTarget is { } target)
            {
                return (current, target);
            }
        }

        return null;
    }
}
