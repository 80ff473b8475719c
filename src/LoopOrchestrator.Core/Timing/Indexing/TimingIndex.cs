using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Timing.Indexing;

/// <summary>
/// An index over the time log: what sums need of each complete interval, the open starts, and what was found. The file is the truth;
/// the index is compared with it at each use, brought forward by the rows that came since, and filled anew when the file was changed
/// otherwise.
/// Safe for many threads and processes.
/// </summary>
/// <param name="paths">The workspace.</param>
/// <param name="store">Keeps it.</param>
/// <param name="limits">From which sizes on it is used.</param>
internal sealed class TimingIndex(WorkspacePaths paths, ITimingIndexStore store, TimingIndexLimits limits) : IDisposable
{
    private readonly LongRest _rest = new();

    /// <summary>From which sizes on it is used.</summary>
    public TimingIndexLimits Limits => limits;

    /// <summary>Makes a summary, from the index where that is worth it, else from the file.</summary>
    /// <exception cref="UserErrorException">The file cannot be read, or the options are not allowed.</exception>
    public TimingSummary Summarize(TimingReportOptions options)
    {
        options.Check();
        return FromIndex(options) ?? TimingSummary.Create(TimingLogReader.Read(paths), options);
    }

    /// <summary>A summary by way of the index; <see langword="null"/> where the file is to be read as a whole.</summary>
    public TimingSummary? FromIndex(TimingReportOptions options)
    {
        // A folder that is only looked at gets no state folder.
        if (!GuardedFolder.Exists(paths.State))
        {
            return null;
        }

        try
        {
            using var file = OpenAll();
            return file is null || !IsWorthIt(file) ? null : Summarize(file, options);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or IndexUnavailableException)
        {
            return null;
        }
    }

    /// <summary>Whether the file is so long that the index is used.</summary>
    public bool IsWorthIt(IndexedFile file) => file.Length > limits.SmallFile && !file.IsUtf16();

    /// <summary>Brings the index up to the file's last complete line.</summary>
    /// <param name="file">The log.</param>
    /// <param name="to">The offset up to which the file may be read.</param>
    /// <param name="anew">Empties the index first.</param>
    /// <exception cref="IndexUnavailableException">It cannot be written now.</exception>
    public void CatchUp(IndexedFile file, long to, bool anew = false)
    {
        while (store.Write(entries => Enter(entries, file, to, anew)))
        {
            anew = false;
        }
    }

    /// <summary>Fills the index anew from the file.</summary>
    /// <returns>How many lines were read; 0 where there is no file, or none that needs an index.</returns>
    /// <exception cref="IndexUnavailableException">It cannot be written now.</exception>
    public int Rebuild()
    {
        using var file = OpenAll();
        if (file is null || file.IsUtf16())
        {
            return 0;
        }

        CatchUp(file, file.Length, anew: true);
        return Read(static (_, checkpoint) => checkpoint.Lines.AllLines);
    }

    /// <summary>Reads tables within one transaction; <see langword="default"/> where the index is empty.</summary>
    /// <exception cref="IndexUnavailableException">It cannot be read now.</exception>
    public T? Read<T>(Func<ITimingTables, TimingCheckpoint, T> read) =>
        store.Read(tables => tables.Checkpoint() is { } checkpoint ? read(tables, checkpoint) : default);

    /// <summary>Whether the rows that came since the checkpoint are few enough to be read each time.</summary>
    /// <param name="file">The log.</param>
    /// <param name="checkpoint">Where the index stands.</param>
    /// <param name="isCaughtUp">
    /// The index was just brought forward: what is missing yet, such as an unfinished line, is read however long it is.
    /// </param>
    public bool IsNear(IndexedFile file, TimingCheckpoint checkpoint, bool isCaughtUp) =>
        file.Fits(checkpoint) && (isCaughtUp || file.Length - checkpoint.Offset <= limits.Behind);

    /// <inheritdoc/>
    public void Dispose() => store.Dispose();

    /// <summary>Opens the log with its months; <see langword="null"/> where there is none of these.</summary>
    public IndexedFile? OpenAll() => IndexedFile.Open(paths, _rest);

    /// <summary>Opens the log alone, where offsets are those of the file; <see langword="null"/> where there is none.</summary>
    public IndexedFile? OpenLogOnly() => IndexedFile.OpenLogOnly(paths, _rest);

    private TimingSummary? Summarize(IndexedFile file, TimingReportOptions options)
    {
        for (var isSecond = false; ; isSecond = true)
        {
            try
            {
                if (
                    Read(
                        (tables, checkpoint) =>
                            IsNear(file, checkpoint, isCaughtUp: isSecond) ? Report(file, tables, checkpoint, options) : null
                    ) is
                    { } summary
                )
                {
                    return summary;
                }
            }
            catch (StaleIndexException) when (!isSecond)
            {
                CatchUp(file, file.Length, anew: true);
                continue;
            }
            catch (StaleIndexException)
            {
                return null;
            }

            if (isSecond)
            {
                // Somebody keeps replacing the file or the index.
                return null;
            }

            CatchUp(file, file.Length);
        }
    }

    private static TimingSummary Report(IndexedFile file, ITimingTables tables, TimingCheckpoint checkpoint, TimingReportOptions options)
    {
        var delta = Begin(file, tables, checkpoint);
        var unfinished = file.ReadLines(checkpoint.Offset, file.Length, delta.Add, delta.BeginFile);
        if (unfinished.RestLength > 0)
        {
            delta.Add(unfinished.Rest, unfinished.RestLength);
        }

        return new IndexedReport(file, tables, checkpoint, delta).Create(options);
    }

    private static TimingDelta Begin(IndexedFile file, ITimingTables tables, TimingCheckpoint from)
    {
        var (name, start) = file.FileAt(from.Offset);
        return new TimingDelta(from, tables, name, start);
    }

    /// <summary>Enters one segment.</summary>
    /// <returns>Whether another one is to be entered.</returns>
    private bool Enter(ITimingEntries entries, IndexedFile file, long to, bool anew)
    {
        var from = anew ? null : entries.Checkpoint();
        if (from is null || !file.Fits(from))
        {
            entries.Clear();
            from = TimingCheckpoint.Start(Random.Shared.NextInt64());
        }

        var delta = Begin(file, entries, from);
        var end = Read(file, from.Offset, to, delta);
        var reached = file.Mark(delta.Reached);
        entries.Write(from, reached, delta);
        return end < to;
    }

    // In pieces, so that many open starts end a segment early.
    private long Read(IndexedFile file, long from, long to, TimingDelta delta)
    {
        const int Piece = 4 * 1024 * 1024;
        var start = from;
        var size = Math.Min(Piece, limits.Segment);
        var cutter = new LineCutter(delta.Add);
        from = file.Begin(cutter, from, to);
        while (from < to)
        {
            var end = Math.Min(to, from + size);
            file.ReadOn(cutter, from, end, delta.BeginFile);
            from = end;
            var complete = end - cutter.RestLength;
            if (end < to && complete > start && (complete - start >= limits.Segment || delta.Starts.Count >= limits.SegmentStarts))
            {
                return complete;
            }
        }

        return to;
    }
}
