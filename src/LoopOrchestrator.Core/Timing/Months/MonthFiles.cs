using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Timing.Months;

/// <summary>The files of months that are over, <c>timing/task_timing-YYYY-MM.tsv</c>. Other files there are nobody's business.</summary>
internal static class MonthFiles
{
    /// <summary>The months that have a file, the oldest first. One that is a link counts as what it leads to.</summary>
    /// <exception cref="LinkRefusedException">The folder is a link that is not followed.</exception>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be read.</exception>
    public static IReadOnlyList<Month> List(WorkspacePaths paths)
    {
        if (!Directory.Exists(paths.TimingMonths))
        {
            return [];
        }

        var folder = new SharedPath(paths, paths.TimingMonths, FileSizes.Own).Resolve().FullPath;
        return
        [
            .. Directory
                .EnumerateFiles(folder, "task_timing-*.tsv")
                .Select(static path => Month.OfFile(Path.GetFileName(path)))
                .OfType<Month>()
                .OrderBy(static month => month.Number),
        ];
    }

    /// <summary>The path of a month's file.</summary>
    public static string At(WorkspacePaths paths, Month month) => Path.Combine(paths.TimingMonths, month.FileName);

    /// <summary>The file of a month; a link is followed as for every file that a workspace shares.</summary>
    public static SharedPath Shared(WorkspacePaths paths, Month month) => new(paths, At(paths, month), FileSizes.TimingInUtf16);
}
