using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Files;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Timing.Months;

/// <summary>
/// All files of the time log, opened so that they fit together also while rows move from one to another: each row is in exactly one of
/// them. The months come first, the oldest in front, and the log is the last.
/// </summary>
internal sealed class LogParts : IDisposable
{
    // A rotation takes far less than the time between two of them.
    private const int MaxAttempts = 20;

    private readonly List<LogPart> _parts;

    private LogParts(List<LogPart> parts, IReadOnlyList<Diagnostic> problems)
    {
        _parts = parts;
        Problems = problems;
    }

    /// <summary>The months.</summary>
    public IEnumerable<LogPart> Months => _parts.SkipLast(1);

    /// <summary>All of them.</summary>
    public IReadOnlyList<LogPart> All => _parts;

    /// <summary>The log.</summary>
    public LogPart Log => _parts[^1];

    /// <summary>Files of months that cannot be read.</summary>
    public IReadOnlyList<Diagnostic> Problems { get; }

    /// <summary>Opens them; <see langword="null"/> where there is none.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The log may not be read.</exception>
    public static LogParts? Open(WorkspacePaths paths)
    {
        for (var attempt = 1; ; attempt++)
        {
            var note = RotationNote.ReadText(paths);
            var log = OpenLog(paths);
            var parts = Open(paths, log, RotationNote.Parse(note));
            if (attempt == MaxAttempts || (RotationNote.ReadText(paths) == note && IsStillThere(paths, log)))
            {
                if (log is null && parts is { _parts.Count: 1, Problems.Count: 0 })
                {
                    return null;
                }

                return parts;
            }

            parts.Dispose();
        }
    }

    /// <summary>Opens the log alone; <see langword="null"/> where there is none.</summary>
    /// <inheritdoc cref="Open(WorkspacePaths)"/>
    public static LogParts? OpenLogOnly(WorkspacePaths paths) =>
        OpenLog(paths) is { } log
            ? new LogParts([new LogPart(paths.Display(paths.Timing), log, 0, RandomAccess.GetLength(log), LacksEnd: false)], [])
            : null;

    /// <summary>Takes note of how long the log is by now.</summary>
    public void Measure(long length) => _parts[^1] = Log with { Bytes = length };

    /// <inheritdoc/>
    public void Dispose() => _parts.ForEach(static part => part.Dispose());

    private static SafeFileHandle? OpenLog(WorkspacePaths paths)
    {
        try
        {
            return new SharedPath(paths, paths.Timing, FileSizes.TimingInUtf16).OpenRead();
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static bool IsStillThere(WorkspacePaths paths, SafeFileHandle? log) =>
        log is null
            ? !File.Exists(paths.Timing)
            : SpecialFile.Identity(log) is not { } identity || SpecialFile.Identity(paths.Timing) == identity;

    private static LogParts Open(WorkspacePaths paths, SafeFileHandle? log, RotationNote? note)
    {
        var parts = new List<LogPart>();
        var problems = new List<Diagnostic>();
        var start = 0L;
        try
        {
            var underWay = note is not null && note.IsStillWhole(log) ? note : null;
            foreach (var month in List(paths, problems))
            {
                var most = underWay?.Months.FirstOrDefault(grown => grown.Month == month)?.Before ?? long.MaxValue;
                if (most > 0 && Open(paths, month, start, most, problems) is { } part)
                {
                    parts.Add(part);
                    start = part.End;
                }
            }

            parts.Add(new LogPart(paths.Display(paths.Timing), log, start, log is null ? 0 : RandomAccess.GetLength(log), LacksEnd: false));
            return new LogParts(parts, problems);
        }
        catch
        {
            log?.Dispose();
            parts.ForEach(static part => part.Dispose());
            throw;
        }
    }

    private static IReadOnlyList<Month> List(WorkspacePaths paths, List<Diagnostic> problems)
    {
        try
        {
            var months = MonthFiles.List(paths);
            problems.AddRange(MovedMonths.FindMissing(paths, months));
            return months;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add(Unread(paths.Display(paths.TimingMonths), exception));
            return [];
        }
    }

    private static LogPart? Open(WorkspacePaths paths, Month month, long start, long most, List<Diagnostic> problems)
    {
        var name = paths.Display(MonthFiles.At(paths, month));
        try
        {
            return LogPart.Of(MonthFiles.Shared(paths, month), name, start, most);
        }
        catch (FileNotFoundException)
        {
            // Taken away since it was listed.
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add(Unread(name, exception));
            return null;
        }
    }

    private static Diagnostic Unread(string name, Exception exception) =>
        new(
            DiagnosticSeverity.Error,
            name,
            null,
            null,
            $"It cannot be read ({exception.Message}). Its rows count in no sum until this user may read it, or until it "
                + "is moved elsewhere."
        );
}
