using System.Text;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Timing.Months;

/// <summary>
/// The names of the month files that rows were moved to, so that it is told when one is gone: what was in it counts in no sum any more.
/// A help and nothing else; it is kept with the indexes, and who removes it is told of nothing.
/// </summary>
internal static class MovedMonths
{
    private const int MaxBytes = 1024 * 1024;

    /// <summary>Notes months.</summary>
    public static void Add(WorkspacePaths paths, IEnumerable<Month> moved)
    {
        try
        {
            GuardedFolder.Create(paths.Index);
            var months = Read(paths).Concat(moved).Distinct().OrderBy(static month => month.Number);
            DurableFile.ReplaceUnsynced(
                At(paths),
                Encoding.UTF8.GetBytes(string.Concat(months.Select(static month => month.FileName + "\n")))
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The rows are where they belong.
        }
    }

    /// <summary>Those that have no file now.</summary>
    /// <param name="paths">The workspace.</param>
    /// <param name="there">The months that have one.</param>
    public static IEnumerable<Diagnostic> FindMissing(WorkspacePaths paths, IReadOnlyList<Month> there) =>
        Read(paths)
            .Except(there)
            .Select(month => new Diagnostic(
                DiagnosticSeverity.Warning,
                paths.Display(MonthFiles.At(paths, month)),
                null,
                null,
                "It is missing, and rows of the time log were moved there: they count in no sum. "
                    + $"Put it back, or take its name out of {paths.Display(At(paths))}."
            ));

    private static string At(WorkspacePaths paths) => Path.Combine(paths.Index, "timing-months.txt");

    private static IEnumerable<Month> Read(WorkspacePaths paths)
    {
        try
        {
            return DurableFile.ReadOrNull(At(paths), MaxBytes) is { } content
                ? [.. Encoding.UTF8.GetString(content).Split('\n').Select(static name => Month.OfFile(name.TrimEnd('\r'))).OfType<Month>()]
                : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
