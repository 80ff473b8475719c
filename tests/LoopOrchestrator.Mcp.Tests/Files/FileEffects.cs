using System.Text.RegularExpressions;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Mcp.Tests.Files;

/// <summary>
/// What the files of a workspace say about <see cref="MixedWrite"/>s, looked for in their text and not through the tools that wrote it.
/// </summary>
internal static partial class FileEffects
{
    /// <summary>How often each effect is there.</summary>
    public static Dictionary<string, int> Count(WorkspacePaths paths)
    {
        IEnumerable<string> memory =
        [
            paths.Memory,
            .. Directory.Exists(paths.MemoryArchive) ? Directory.GetFiles(paths.MemoryArchive, "archive-*.md") : [],
        ];
        return memory
            .SelectMany(file => Words(file).Select(static word => $"memory {word}"))
            .Concat(Words(paths.Todo).Select(static word => $"todo {word}"))
            .Concat(Words(paths.Schedules).Select(static word => $"schedule {word}"))
            .Concat(
                TimingLogReader
                    .Read(paths)
                    .Entries.Select(static row =>
                        row.Kind switch
                        {
                            TimingEntryKind.Start => $"start {row.TaskId}",
                            TimingEntryKind.Close => $"stop {row.TaskId}",
                            _ => $"interval {row.Task}",
                        }
                    )
            )
            .CountBy(static effect => effect)
            .ToDictionary(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Words(string file) =>
        File.Exists(file) ? Word().Matches(File.ReadAllText(file)).Select(static match => match.Value) : [];

    [GeneratedRegex("effect-[0-9]+-[0-9]+-end", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Word();
}
