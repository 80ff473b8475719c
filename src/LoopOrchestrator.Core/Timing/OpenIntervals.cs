using LoopOrchestrator.Core.Findings;
using LoopOrchestrator.Core.Workspaces;

namespace LoopOrchestrator.Core.Timing;

/// <summary>
/// Knows the open starts of the log. It reads the file once and from then on only what was appended since, by anybody; rows of the
/// batch under way are laid over it until they are on disk. Used under the lock of the file only.
/// </summary>
/// <param name="path">The log.</param>
/// <remarks>
/// That the part already read is still the same is judged by its length and its last bytes: an editor that changes a row in
/// the middle without changing the length goes unnoticed until the next start of the process.
/// </remarks>
internal sealed class OpenIntervals(string path)
{
    private const int ChunkSize = 64 * 1024;
    private const int RememberedTail = 128;

    private readonly List<Finding> _unused = [];
    private readonly List<TimingEntry> _overlay = [];
    private TimingPairing _pairing = new();
    private TimingLines _lines = new("", []);
    private long _offset;
    private byte[] _tail = [];

    /// <summary>Catches up with the file.</summary>
    /// <param name="context">Where the record to be composed will go.</param>
    public void Refresh(AppendContext context)
    {
        if (!context.StartsBatch)
        {
            return;
        }

        _overlay.Clear();
        SpecialFile.Refuse(path);
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var tail = new byte[_tail.Length];
        if (context.Length < _offset || RandomAccess.Read(handle, tail, _offset - _tail.Length) != tail.Length || !tail.AsSpan().SequenceEqual(_tail))
        {
            _offset = 0;
            _pairing = new TimingPairing();
            _lines = new TimingLines("", _unused);
        }

        var rest = ByteLines.Read(handle, _offset, context.Length, Commit, ChunkSize);
        _offset = context.Length - rest.Length;
        _unused.Clear();
        _tail = new byte[Math.Min(RememberedTail, _offset)];
        _ = RandomAccess.Read(handle, _tail, _offset - _tail.Length);
        if (rest.Length > 0 && new TimingLines("", []).Next(rest) is { } unfinished)
        {
            // A last row without its line feed counts now; when it is complete it is read again.
            _overlay.Add(unfinished);
        }
    }

    /// <summary>The open start with this id.</summary>
    public TimingEntry? Find(string taskId)
    {
        var start = _pairing.Find(taskId);
        foreach (var entry in _overlay.Where(entry => string.Equals(entry.TaskId, taskId, StringComparison.Ordinal)))
        {
            start = entry.EndTime is null ? start ?? entry : null;
        }

        return start;
    }

    /// <summary>All open starts with an id.</summary>
    public IReadOnlyList<TimingEntry> All()
    {
        var ids = _pairing.Open.Concat(_overlay.Where(entry => entry.EndTime is null)).Select(entry => entry.TaskId).Where(id => id.Length > 0).Distinct(StringComparer.Ordinal);
        return [.. ids.Select(Find).OfType<TimingEntry>().OrderBy(entry => entry.StartTime)];
    }

    /// <summary>Notes a row that will be written with the batch under way.</summary>
    public void Lay(TimingEntry entry) => _overlay.Add(entry);

    private void Commit(ReadOnlySpan<byte> line)
    {
        if (_lines.Next(line) is { } entry)
        {
            _pairing.Add(entry, out _);
        }
    }
}
