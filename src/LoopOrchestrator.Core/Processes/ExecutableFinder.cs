using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Processes;

/// <summary>Finds programs the way a shell does, without starting any.</summary>
public static class ExecutableFinder
{
    // What execvp(3) takes where there is no PATH (_PATH_DEFPATH), with the folder of what a person installs.
    private const string DefaultSearchPath = "/usr/local/bin:/usr/bin:/bin";

    /// <summary>
    /// The folders in which programs are looked for: <c>PATH</c>, or the system's default where that is empty, as for a service.
    /// </summary>
    internal static string SearchPath => InForce(Environment.GetEnvironmentVariable("PATH"));

    /// <summary>
    /// The full path of a program that a person named for this workspace, and the places looked at. Only for what is executed in a trusted
    /// workspace.
    /// </summary>
    /// <param name="program">A name to look up on <c>PATH</c>, or a path; a relative path counts from <paramref name="folder"/>.</param>
    /// <param name="folder">Where the program will work.</param>
    public static ExecutableSearch Find(string program, string folder) => Find(program, folder, Environment.GetEnvironmentVariable("PATH"));

    internal static ExecutableSearch Find(string program, string folder, string? searchPath)
    {
        var candidates = Candidates(program, folder, InForce(searchPath));
        return new ExecutableSearch(candidates.SelectMany(WithExtensions).FirstOrDefault(IsExecutable), candidates)
        {
            Oddity =
                IsPath(program) ? null
                : string.IsNullOrWhiteSpace(searchPath) ? "PATH is empty, so these are the system's default folders"
                : candidates.Count == 0 ? $"PATH ('{searchPath}') names no absolute folder"
                : null,
        };
    }

    private static string InForce(string? searchPath) =>
        !string.IsNullOrWhiteSpace(searchPath) ? searchPath
        : OperatingSystem.IsWindows() ? Environment.SystemDirectory
        : DefaultSearchPath;

    /// <summary>
    /// The full path of a program that we look up by ourselves (git, for one), passing over every one that really lies inside the
    /// workspace: a
    /// <c>PATH</c> that leads there (direnv, <c>node_modules/.bin</c>) would let a repository choose the program.
    /// </summary>
    /// <param name="program">A name to look up on <c>PATH</c>, or a path.</param>
    /// <param name="workspace">The folder that no program is taken from; also what a relative path counts from.</param>
    /// <returns><see langword="null"/> where there is none outside.</returns>
    public static string? FindOutside(string program, string workspace) => FindOutside(program, workspace, SearchPath);

    internal static string? FindOutside(string program, string workspace, string searchPath) =>
        Candidates(program, workspace, searchPath)
            .SelectMany(WithExtensions)
            .FirstOrDefault(path => IsExecutable(path) && !IsInside(path, workspace));

    /// <summary>
    /// Whether a path lies inside a folder, by any step of its way or by where it really leads; one that cannot be followed counts as
    /// inside.
    /// </summary>
    /// <param name="path">The path, absolute.</param>
    /// <param name="folder">The folder, absolute; it counts as inside itself.</param>
    public static bool IsInside(string path, string folder)
    {
        try
        {
            // The folders it is named through count too: who may write there may put another file or link in its place.
            var root = RealPath.Of(folder);
            for (var at = Path.GetFullPath(path); at is not null; at = Path.GetDirectoryName(at))
            {
                if (IsBelow(RealPath.Of(at), root))
                {
                    return true;
                }
            }

            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static bool IsBelow(string path, string root) =>
        path == root
        || path.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static List<string> Candidates(string program, string folder, string searchPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(program);
        return IsPath(program)
            ? [Path.GetFullPath(program, folder)]
            : searchPath
                .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                .Where(Path.IsPathFullyQualified)
                .Select(entry => Path.Combine(entry, program))
                .ToList();
    }

    private static bool IsPath(string program) =>
        program.Contains('/', StringComparison.Ordinal) || program.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static IEnumerable<string> WithExtensions(string candidate) =>
        OperatingSystem.IsWindows() && !Path.HasExtension(candidate)
            ? [candidate + ".exe", candidate + ".cmd", candidate + ".bat"]
            : [candidate];

    private static bool IsExecutable(string path)
    {
        const UnixFileMode anyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & anyExecute) != UnixFileMode.None);
    }
}
