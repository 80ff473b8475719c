namespace LoopOrchestrator.Core.Files;

/// <summary>
/// Where a path really leads, with every symbolic link on the way resolved, as realpath(3) does; what does not exist stays as it is.
/// </summary>
public static class RealPath
{
    // The limit that Linux itself has for links on one way.
    private const int MaxLinks = 40;

    /// <summary>The real path, absolute and without a separator at its end.</summary>
    /// <exception cref="IOException">The links lead in a circle.</exception>
    public static string Of(string path) => Of(path, 0);

    private static string Of(string path, int links)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var current = Path.GetPathRoot(full)!;
        foreach (var segment in full[current.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(current, segment);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                current = next;
                continue;
            }

            if (links >= MaxLinks)
            {
                throw new IOException($"{path} leads through too many symbolic links");
            }

            current = Of(Path.GetFullPath(target, current), links + 1);
        }

        return current;
    }
}
