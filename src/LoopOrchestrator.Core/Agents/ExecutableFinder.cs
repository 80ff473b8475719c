namespace LoopOrchestrator.Core.Agents;

/// <summary>Finds programs the way a shell does, without starting any.</summary>
public static class ExecutableFinder
{
    /// <summary>The full path of a program, and the places looked at.</summary>
    /// <param name="program">A name to look up on <c>PATH</c>, or a path; a relative path counts from <paramref name="folder"/>.</param>
    /// <param name="folder">Where the program will work.</param>
    public static (string? Path, IReadOnlyList<string> Looked) Find(string program, string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(program);
        var candidates = program.Contains('/', StringComparison.Ordinal) || program.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? [Path.GetFullPath(program, folder)]
            : (Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                .Where(Path.IsPathFullyQualified)
                .Select(entry => Path.Combine(entry, program))
                .ToList();
        foreach (var candidate in candidates.SelectMany(WithExtensions))
        {
            if (IsExecutable(candidate))
            {
                return (candidate, candidates);
            }
        }

        return (null, candidates);
    }

    private static IEnumerable<string> WithExtensions(string candidate) =>
        OperatingSystem.IsWindows() && !Path.HasExtension(candidate) ? [candidate + ".exe", candidate + ".cmd", candidate + ".bat"] : [candidate];

    private static bool IsExecutable(string path)
    {
        const UnixFileMode anyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & anyExecute) != UnixFileMode.None);
    }
}
