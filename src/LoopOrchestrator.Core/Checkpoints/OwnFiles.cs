using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>The files of a workspace that are ours. The one place that says which of them a checkpoint treats in its own way.</summary>
internal static class OwnFiles
{
    /// <summary>
    /// What we write to while a step runs, so that a change there is not the step's: left out of evidence, and left alone by a rollback
    /// unless
    /// it is asked for. Relative to the workspace. So are the months of the time log that are over.
    /// </summary>
    public static readonly IReadOnlyList<string> Written = ["task_timing.tsv", "persistent-memory.md", "TODO.md"];

    /// <summary>All that are copied where there is no git, relative to the workspace.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "schedules.json",
        ".roo/schedules.json",
        ".roomodes",
        "mcp_startup.json",
        .. Written,
    ];

    /// <summary>Whether we write to the file while a step runs.</summary>
    /// <param name="relative">Relative to the workspace, with forward slashes.</param>
    public static bool IsWritten(string relative) =>
        Written.Contains(relative, StringComparer.Ordinal) || WorkspacePaths.IsTimingMonth(relative);

    /// <summary>The path of one of the files.</summary>
    public static string At(WorkspacePaths paths, string relative) =>
        Path.Combine(paths.Root, relative.Replace('/', Path.DirectorySeparatorChar));
}
