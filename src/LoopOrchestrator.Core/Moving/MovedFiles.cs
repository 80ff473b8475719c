using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Timing;

namespace LoopOrchestrator.Core.Moving;

/// <summary>
/// Which files make a workspace what it is, and their names in an export. Left out is what another machine makes anew (locks, indexes, logs
/// of servers), what belongs to the repository (checkpoints, work trees), and what must not travel (the key of HTTP sessions).
/// </summary>
internal static class MovedFiles
{
    /// <summary>The name of the database.</summary>
    public const string Database = "state/state.db";

    private const string State = "state/";
    private const string Shared = "files/";

    private static readonly string[] StateFolders = ["backups", "memory", "runs"];

    private static readonly HashSet<string> SharedNames = new(StringComparer.Ordinal)
    {
        ".roo/schedules.json",
        ".roomodes",
        "TODO.md",
        "mcp_startup.json",
        "persistent-memory.md",
        "schedules.json",
        "task_timing.tsv",
    };

    /// <summary>Those that are there, without the database: the name of each and where it is.</summary>
    public static IEnumerable<MovedFile> Of(WorkspacePaths paths) =>
        SharedFilesOf(paths)
            .Select(path => new MovedFile(Shared + paths.Display(path), path))
            .Concat(
                StateFolders
                    .Select(folder => Path.Combine(paths.State, folder))
                    .Where(GuardedFolder.Exists)
                    .SelectMany(static folder => GuardedFolder.FilesBelow(folder))
                    .Select(path => new MovedFile(State + Relative(paths.State, path), path))
            );

    /// <summary>Whether a file is of the time log, whose rows are appended by several processes.</summary>
    public static bool IsTiming(string name) =>
        name == Shared + "task_timing.tsv" || name.StartsWith(Shared + "timing/", StringComparison.Ordinal);

    /// <summary>Whether a file is the memory or of its archive, which are written by whoever holds the memory's lock.</summary>
    public static bool IsMemory(string name) =>
        name == Shared + "persistent-memory.md" || name.StartsWith(State + "memory/", StringComparison.Ordinal);

    /// <summary>The lock that is held by whoever writes a file; <see langword="null"/> for one that nobody writes a second time.</summary>
    public static string? LockOf(WorkspacePaths paths, string name) =>
        IsTiming(name) ? TimingLog.LockPath(paths)
        : IsMemory(name) ? MemoryStore.LockPath(paths)
        : IsShared(name) ? Path.Combine(paths.Locks, Path.GetFileName(name) + ".lock")
        : null;

    /// <summary>Whether a file is one that people and other programs read and write.</summary>
    public static bool IsShared(string name) => name.StartsWith(Shared, StringComparison.Ordinal);

    /// <summary>Where a file of an export belongs in a workspace; <see langword="null"/> where it belongs nowhere.</summary>
    public static string? PathOf(WorkspacePaths paths, string name)
    {
        if (name.Split('/').Any(static part => part is "" or "." or ".." || part.AsSpan().ContainsAny('\\', ':', '\0')))
        {
            return null;
        }

        if (IsShared(name))
        {
            var relative = name[Shared.Length..];
            return SharedNames.Contains(relative) || WorkspacePaths.IsTimingMonth(relative) ? Path.Combine(paths.Root, relative) : null;
        }

        return StateFolders.Any(folder => name.StartsWith($"{State}{folder}/", StringComparison.Ordinal))
            ? Path.Combine(paths.State, name[State.Length..])
            : null;
    }

    private static IEnumerable<string> SharedFilesOf(WorkspacePaths paths) =>
        SharedNames
            .Order(StringComparer.Ordinal)
            .Select(name => Path.Combine(paths.Root, name))
            .Where(File.Exists)
            .Concat(
                Directory.Exists(paths.TimingMonths)
                    ? Directory.EnumerateFiles(paths.TimingMonths).Where(file => WorkspacePaths.IsTimingMonth(Relative(paths.Root, file)))
                    : []
            );

    private static string Relative(string folder, string path) => Path.GetRelativePath(folder, path).Replace('\\', '/');
}
