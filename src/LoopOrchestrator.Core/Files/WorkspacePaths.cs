using System.Globalization;

namespace LoopOrchestrator.Core.Files;

/// <summary>
/// Where the files of one workspace are. Paths only: nothing is opened or created by asking.
/// </summary>
public sealed class WorkspacePaths
{
    private const string MonthFileFormat = "'task_timing-'yyyy-MM'.tsv'";

    private static readonly HashSet<string> OwnNames = new(StringComparer.Ordinal)
    {
        "backups",
        "bell",
        "checkpoints",
        "checks",
        "commit",
        "damaged",
        "index",
        "locks",
        "logs",
        "memory",
        "runs",
        "session-key",
        "set-aside",
        "worktrees",
    };

    /// <summary>Names the files below <paramref name="root"/>.</summary>
    /// <param name="root">The workspace's folder; made absolute against the current folder.</param>
    public WorkspacePaths(string root)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        Root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
    }

    /// <summary>The workspace's folder, absolute, without a separator at its end.</summary>
    public string Root { get; }

    /// <summary><c>schedules.json</c> at the top of the workspace.</summary>
    public string Schedules => Path.Combine(Root, "schedules.json");

    /// <summary>Roo Scheduler's own place for schedules, read when <see cref="Schedules"/> does not exist.</summary>
    public string RooSchedules => Path.Combine(Root, ".roo", "schedules.json");

    /// <summary>The workspace's custom modes, in Roo Code's format (YAML or JSON).</summary>
    public string RooModes => Path.Combine(Root, ".roomodes");

    /// <summary>The append-only log of time spent.</summary>
    public string Timing => Path.Combine(Root, "task_timing.tsv");

    /// <summary>The months of the time log that are over, a file each; it may hold files of others as well.</summary>
    public string TimingMonths => Path.Combine(Root, "timing");

    /// <summary>What a rotation of the time log is about to do, as long as it is not done.</summary>
    public string TimingRotation => Path.Combine(Locks, "task_timing.tsv.rotation");

    /// <summary>The bounded memory that people and agents read.</summary>
    public string Memory => Path.Combine(Root, "persistent-memory.md");

    /// <summary>The plan.</summary>
    public string Todo => Path.Combine(Root, "TODO.md");

    /// <summary>The configuration file, unless another one is named.</summary>
    public string StartupFile => Path.Combine(Root, "mcp_startup.json");

    /// <summary>The folder of our own state. It holds a <c>.gitignore</c> that hides all of it.</summary>
    public string State => Path.Combine(Root, ".loop");

    /// <summary>The SQLite database of runs, occurrences and pauses.</summary>
    public string Database => Path.Combine(State, "state.db");

    /// <summary>Databases that were damaged and set aside, each with a note of what became of it.</summary>
    public string Damaged => Path.Combine(State, "damaged");

    /// <summary>One lock file per shared file, and the scheduler lock.</summary>
    public string Locks => Path.Combine(State, "locks");

    /// <summary>Held by whoever writes what ended runs owe to files.</summary>
    internal string FinishLock => Path.Combine(Locks, "finish.lock");

    /// <summary>One folder per run: brief, output and outcome.</summary>
    public string Runs => Path.Combine(State, "runs");

    /// <summary>Memory entries that left <see cref="Memory"/> to keep it within its limit.</summary>
    public string MemoryArchive => Path.Combine(State, "memory");

    /// <summary>One folder per check of an <c>onlyIf</c>, as for runs.</summary>
    public string Checks => Path.Combine(State, "checks");

    /// <summary>Indexes over the files of the workspace: may be deleted whenever no server runs, and are made anew.</summary>
    public string Index => Path.Combine(State, "index");

    /// <summary>What our changes replaced, a folder for each file's name; see <see cref="FileBackups"/>.</summary>
    public string Backups => Path.Combine(State, "backups");

    /// <summary>
    /// What checkpoints need that is not in the repository: an index of our own, copies where there is no git, temporary files.
    /// </summary>
    public string Checkpoints => Path.Combine(State, "checkpoints");

    /// <summary>A git work tree for each step that works apart from the others.</summary>
    public string Worktrees => Path.Combine(State, "worktrees");

    /// <summary>What lay in the place of something that we made, and was none of ours; see <see cref="Files.SetAside"/>.</summary>
    public string SetAside => Path.Combine(State, "set-aside");

    /// <summary>What the ids of sessions over HTTP are signed with.</summary>
    public string SessionKey => Path.Combine(State, "session-key");

    /// <summary>Touched after a change that other processes of this workspace want to hear of at once.</summary>
    public string Bell => Path.Combine(State, "bell", "ring");

    /// <summary>
    /// The first day of the month whose file in <see cref="TimingMonths"/> has this name; <see langword="null"/> for any other name.
    /// </summary>
    internal static DateOnly? TimingMonthOf(string fileName) =>
        DateOnly.TryParseExact(fileName, MonthFileFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var first) ? first : null;

    /// <summary>The name of a month's file in <see cref="TimingMonths"/>.</summary>
    internal static string TimingMonthName(DateOnly day) => day.ToString(MonthFileFormat, CultureInfo.InvariantCulture);

    /// <summary>Whether a path is a month's file in <see cref="TimingMonths"/>.</summary>
    /// <param name="relative">Relative to the workspace, with forward slashes.</param>
    internal static bool IsTimingMonth(string relative) =>
        relative.StartsWith("timing/", StringComparison.Ordinal) && TimingMonthOf(relative["timing/".Length..]) is not null;

    /// <summary>Whether a name at the top of <see cref="State"/> is one of ours.</summary>
    internal static bool IsStateName(string name) => name.StartsWith("state.db", StringComparison.Ordinal) || OwnNames.Contains(name);

    /// <summary>The folder of one run.</summary>
    /// <param name="runId">The run's id; it is one path segment.</param>
    public string Run(string runId) => Path.Combine(Runs, runId);

    /// <summary>
    /// <paramref name="path"/> as it reads best in a message: relative with forward slashes inside the workspace, else as it is.
    /// </summary>
    public string Display(string path)
    {
        var relative = Path.GetRelativePath(Root, path);
        return relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? path : relative.Replace('\\', '/');
    }
}
