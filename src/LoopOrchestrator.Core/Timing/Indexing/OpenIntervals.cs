using System.Buffers;
using System.Text;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Timing.Indexing;

/// <summary>
/// Knows the open starts of the log and of its months. In a long file it begins where the index ends; from then on it reads only what was
/// appended since, by anybody, and begins anew when rows were moved to a month's file. Rows of the batch under way are laid over it until
/// they are on disk. Used under the lock of the file only.
/// </summary>
/// <param name="path">The log.</param>
/// <param name="index">Its index; nothing is written there under the lock, except when a long file has none that fits.</param>
/// <remarks>
/// That the part already read is still the same is judged by its length and its last bytes: an editor that changes a row in
/// the middle without changing the length goes unnoticed until the next start of the process.
/// </remarks>
internal sealed class OpenIntervals(string path, TimingIndex index)
{
    private const int RememberedTail = 128;

    private readonly List<Diagnostic> _unused = [];
    private readonly List<TimingEntry> _overlay = [];
    private readonly ArrayBufferWriter<byte> _stagedBytes = new();
    private OpenStartsBefore _before = OpenStartsBefore.None;
    private RecentStarts _recent = new(static _ => null);
    private TimingPairing? _pairing;
    private TimingLines _lines = new("", []);

    // Offsets are those of the log itself; where the index ends within a month, it is before the log's beginning.
    private long _offset;
    private long _indexedTo;
    private UInt128? _identity;
    private byte[] _tail = [];
    private volatile bool _isAdvanced;
    private long _nextAdvance;
    private long _taken = -1;

    /// <summary>The index being brought forward; completed when nothing is under way.</summary>
    public Task Advancing { get; private set; } = Task.CompletedTask;

    /// <summary>How many bytes of the file were read so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Brings the index near the end of the file, so that no other writer waits while that is done. Not under the lock.</summary>
    public void Prepare()
    {
        if (_pairing is not null && _identity == SpecialFile.Identity(path))
        {
            return;
        }

        using var file = index.OpenAll();
        if (file is null || !index.IsWorthIt(file))
        {
            return;
        }

        try
        {
            OpenStartsBefore.Load(index, file);
        }
        catch (IndexUnavailableException)
        {
            // The file is read when it is needed.
        }
    }

    /// <summary>Catches up with the file.</summary>
    /// <param name="context">Where the record to be composed will go.</param>
    public void Refresh(AppendContext context)
    {
        if (!context.StartsBatch)
        {
            return;
        }

        // What is still laid belongs to a batch that could not be written.
        _stagedBytes.ResetWrittenCount();
        _overlay.Clear();
        if (_taken != context.Length || _isAdvanced)
        {
            TakeFromFile(context.Length);
        }

        _taken = -1;
        if (
            context.Length - _indexedTo > Math.Max(index.Limits.Advance, _nextAdvance)
            && context.Length > index.Limits.SmallFile
            && Advancing.IsCompleted
        )
        {
            var behind = context.Length - _indexedTo;
            Advancing = Task.Run(() => Advance(context.Length, behind));
        }
    }

    /// <summary>
    /// Catches up with the rows that were laid, now that they are on disk: where nothing but them was added, there is no need to read them
    /// back.
    /// </summary>
    /// <param name="length">The length of the file now.</param>
    public void TakeWritten(long length)
    {
        _taken = -1;
        try
        {
            if (_pairing is null || _isAdvanced || length != _offset + _stagedBytes.WrittenCount)
            {
                return;
            }

            if (_stagedBytes.WrittenCount > 0)
            {
                ByteLines.Split(_stagedBytes.WrittenSpan, Commit);
                _offset = length;
                _tail = _stagedBytes.WrittenSpan[^Math.Min(RememberedTail, _stagedBytes.WrittenCount)..].ToArray();
            }

            _taken = length;
        }
        catch (IndexUnavailableException)
        {
            // Some of the rows may have been taken: all is begun anew.
            _pairing = null;
        }
        finally
        {
            _unused.Clear();
            _stagedBytes.ResetWrittenCount();
        }
    }

    private void TakeFromFile(long length)
    {
        using var log = index.OpenLogOnly() ?? throw new FileNotFoundException($"{path} is gone.");
        if (_pairing is null || length < _offset || _isAdvanced || log.Identity != _identity || !log.Holds(_offset - _tail.Length, _tail))
        {
            BeginAnew(length);
            return;
        }

        try
        {
            Read(log, length);
        }
        catch (IndexUnavailableException)
        {
            BeginWithoutIndex(length);
        }

        BytesRead += log.BytesRead;
    }

    private void BeginAnew(long length)
    {
        using var file = index.OpenAll() ?? throw new FileNotFoundException($"{path} is gone.");
        Begin(Load(file), file);
        try
        {
            Read(file, length);
        }
        catch (IndexUnavailableException)
        {
            Begin(OpenStartsBefore.None, file);
            Read(file, length);
        }

        BytesRead += file.BytesRead;
    }

    private void BeginWithoutIndex(long length)
    {
        using var file = index.OpenAll() ?? throw new FileNotFoundException($"{path} is gone.");
        Begin(OpenStartsBefore.None, file);
        Read(file, length);
        BytesRead += file.BytesRead;
    }

    /// <summary>The open start with this id.</summary>
    public TimingEntry? Find(string taskId)
    {
        var start = WithoutIndexIfNeeded(() => _recent.Entry(taskId));
        foreach (var entry in _overlay)
        {
            if (string.Equals(entry.TaskId, taskId, StringComparison.Ordinal))
            {
                start = entry.EndTime is null ? start ?? entry : null;
            }
        }

        return start;
    }

    /// <summary>Open starts with an id, the oldest first: those of a task and a mode, where they are given.</summary>
    /// <param name="task">Exactly this task.</param>
    /// <param name="mode">Exactly this mode.</param>
    /// <param name="most">How many are returned, the latest ones.</param>
    /// <returns>These, and how many there are in all.</returns>
    public (IReadOnlyList<TimingEntry> Latest, int Count) Fitting(string? task, string? mode, int most)
    {
        var changed = _recent
            .Changes.Keys.Concat(_overlay.Select(static entry => entry.TaskId))
            .Where(static id => id.Length > 0)
            .ToHashSet(StringComparer.Ordinal);
        var (before, count) = WithoutIndexIfNeeded(() => _before.Fitting(task, mode, changed, most));
        var fresh = changed.Select(Find).OfType<TimingEntry>().Where(Fits).ToList();
        return (
            [.. before.Concat(fresh).OrderBy(static start => start.StartTime).ThenBy(static start => start.Line).TakeLast(most)],
            count + fresh.Count
        );

        bool Fits(TimingEntry start) =>
            (task is null || string.Equals(start.Task, task, StringComparison.Ordinal))
            && (mode is null || string.Equals(start.Mode, mode, StringComparison.Ordinal));
    }

    /// <summary>Notes a row that will be written with the batch under way.</summary>
    /// <param name="entry">The row.</param>
    /// <param name="text">What is written for it, with its line end and what goes before it.</param>
    public void Stage(TimingEntry entry, string text)
    {
        _overlay.Add(entry);
        Encoding.UTF8.GetBytes(text, _stagedBytes);
    }

    private OpenStartsBefore Load(IndexedFile file)
    {
        _isAdvanced = false;
        try
        {
            return index.IsWorthIt(file) ? OpenStartsBefore.Load(index, file) : OpenStartsBefore.None;
        }
        catch (IndexUnavailableException)
        {
            return OpenStartsBefore.None;
        }
    }

    private void Begin(OpenStartsBefore before, IndexedFile file)
    {
        _before = before;
        _indexedTo = before.Offset - file.Base;
        _offset = _indexedTo;
        _identity = file.Identity;
        _recent = new RecentStarts(before.Find);
        _pairing = new TimingPairing(_recent);
        _lines = new TimingLines("", _unused, before.Lines);
        _tail = [];
    }

    private void Read(IndexedFile file, long to)
    {
        var rest = file.ReadLines(file.Base + _offset, file.Base + to, Commit, _lines.BeginFile);
        _offset = to - rest.RestLength;
        _unused.Clear();
        _tail = file.Before(file.Base + _offset, (int)Math.Min(RememberedTail, _offset));
        if (rest.RestLength > 0 && new TimingLines("", []).Next(rest.Rest, rest.RestLength) is { } unfinished)
        {
            // A last row without its line feed counts now; when it is complete it is read again.
            _overlay.Add(unfinished);
        }
    }

    private void Commit(ReadOnlySpan<byte> line, long length)
    {
        if (_lines.Next(line, length) is { } entry)
        {
            _pairing!.Add(entry, out _);
        }
    }

    private T WithoutIndexIfNeeded<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (IndexUnavailableException exception)
        {
            // The batch under way stays laid over what is read now.
            using var file = index.OpenAll() ?? throw new FileNotFoundException($"{path} is gone.", exception);
            var to = _offset;
            Begin(OpenStartsBefore.None, file);
            file.ReadLines(0, file.Base + to, Commit, _lines.BeginFile);
            (_offset, _tail) = (to, file.Before(file.Base + to, (int)Math.Min(RememberedTail, to)));
            return ask();
        }
    }

    private void Advance(long to, long behind)
    {
        try
        {
            using var file = index.OpenAll();
            if (file is not null && !file.IsUtf16())
            {
                index.CatchUp(file, Math.Min(file.Base + to, file.Length));
                _isAdvanced = true;
                _nextAdvance = 0;
            }
        }
        catch (Exception exception) when (exception is IndexUnavailableException or IOException or UnauthorizedAccessException)
        {
            // Tried again when as much again was written; until then memory holds what the index would.
            _nextAdvance = behind * 2;
        }
    }
}
