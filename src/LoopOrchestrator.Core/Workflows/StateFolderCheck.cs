using System.IO.Enumeration;
using System.Text.RegularExpressions;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>
/// Finds what changed below <c>.loop/</c> while a step worked, in places where neither the step nor any process of ours had anything to
/// write: folders of runs that were over, the folder of its cycle, folders that nobody ordered, names that are none of ours. It goes by the
/// time of the last change that the file system keeps and no program can set. Linux only; docs/hardening.md says what it does not see.
/// </summary>
internal sealed partial class StateFolderCheck(WorkspacePaths paths, IRunStore runs, TimeProvider time)
{
    /// <summary>Of runs that are over, so many folders are looked at, the newest first.</summary>
    public const int MaxRuns = 1000;

    private const int MaxDepth = 6;

    // .loop/runs/<id>/commands/<name>
    private const int MaxNamed = 5;
    private const int MaxEntries = 50_000;

    // What a server writes for whoever calls it, perhaps a moment after another one has recorded the run's end.
    private static readonly HashSet<string> Late = new(StringComparer.Ordinal) { "cancel", "report.json" };

    // Where the file system goes by another clock (a share of another machine), its times say nothing about ours.
    private static readonly TimeSpan MaxClockDifference = TimeSpan.FromSeconds(1);

    /// <summary>When a file, folder or link itself was last changed; <see langword="null"/> where that is not known.</summary>
    public Func<string, DateTimeOffset?> ChangedAt { get; set; } = SpecialFile.ChangedAt;

    /// <summary>
    /// What changed while a run worked and is not its own, relative to the workspace; empty where nothing did or it cannot be told.
    /// </summary>
    public async Task<IReadOnlyList<string>> FindAsync(Run run, CancellationToken cancellationToken = default)
    {
        if (run is not { StartedAt: { } from, EndedAt: { } to } || !Directory.Exists(paths.Runs) || !AgreesWithOurClock())
        {
            return [];
        }

        bool IsMeanwhile(string path) => ChangedAt(path) is { } changed && changed >= from && changed <= to;

        List<string> found =
        [
            .. Names(paths.State).Where(static path => !WorkspacePaths.IsStateName(Path.GetFileName(path))).Where(IsMeanwhile),
        ];
        found.AddRange(Names(paths.Checks).Where(static path => !CheckName().IsMatch(Path.GetFileName(path))).Where(IsMeanwhile));
        foreach (var path in Names(paths.Runs).Concat(Names(paths.Worktrees)).Where(IsMeanwhile))
        {
            if (!await runs.IsKnownAsync(IdIn(Path.GetFileName(path)), cancellationToken))
            {
                found.Add(path);
            }
        }

        var over = await runs.EndedBeforeAsync(run, MaxRuns, cancellationToken);
        var folders = over.Select(paths.Run).Concat(run.CycleId is { } cycle ? [paths.Run(cycle)] : []);
        found.AddRange(
            folders.SelectMany(Files).Take(MaxEntries).Where(static path => !Late.Contains(Path.GetFileName(path))).Where(IsMeanwhile)
        );
        return [.. found.Select(NameOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    // A folder of a command or an attempt is named once, and not with each file in it.
    private string NameOf(string path) => string.Join('/', paths.Display(path).Split('/').Take(MaxNamed));

    // The folder of a run has its id; the tree of a step and what belongs to it begin with that of its cycle.
    private static string IdIn(string name) => name.Length > RunId.Length ? name[..RunId.Length] : name;

    // What begins with a dot is being written at this moment, under a name that is given up at once.
    private static IEnumerable<string> Names(string folder) =>
        Directory.Exists(folder)
            ? Directory.EnumerateFileSystemEntries(folder).Where(static path => !Path.GetFileName(path).StartsWith('.'))
            : [];

    private static IEnumerable<string> Files(string folder) =>
        !Directory.Exists(folder)
            ? []
            : new FileSystemEnumerable<string>(
                folder,
                static (ref FileSystemEntry entry) => entry.ToFullPath(),
                new EnumerationOptions
                {
                    RecurseSubdirectories = true,
                    MaxRecursionDepth = MaxDepth,
                    AttributesToSkip = FileAttributes.None,
                    IgnoreInaccessible = true,
                }
            )
            {
                ShouldIncludePredicate = static (ref FileSystemEntry entry) =>
                    !entry.IsDirectory || entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
                ShouldRecursePredicate = static (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
            };

    private bool AgreesWithOurClock()
    {
        var probe = Path.Combine(paths.State, $".clock-{Random.Shared.NextInt64():x}");
        try
        {
            using (File.Create(probe, bufferSize: 1, FileOptions.DeleteOnClose))
            {
                return ChangedAt(probe) is { } changed && (changed - time.GetUtcNow()).Duration() <= MaxClockDifference;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [GeneratedRegex("^[0-9a-f]{16}-[0-9]+-[0-9]+(-[0-9a-f]{32})?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CheckName();
}
