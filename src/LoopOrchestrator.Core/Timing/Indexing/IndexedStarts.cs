using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Timing.Indexing;

/// <summary>Open starts as they are in the index, with what further rows changed laid over them.</summary>
/// <param name="find">Asks the index for an id; <see langword="null"/> where the index has no open starts.</param>
/// <param name="file">Where the file begins whose rows come first.</param>
internal sealed class IndexedStarts(Func<string, OpenRow?>? find, long file) : OpenStarts
{
    private readonly Dictionary<string, Change> _changes = new(StringComparer.Ordinal);
    private readonly List<OpenRow> _nameless = [];
    private long _file = file;

    /// <summary>Where the row that is being read begins.</summary>
    public long Offset { get; set; }

    /// <summary>The row that is read next is the first one of a file.</summary>
    public void BeginFile(long offset) => _file = offset;

    /// <summary>How many starts are laid over the index.</summary>
    public int Count => _changes.Count + _nameless.Count;

    /// <summary>Starts in the index that are closed by now.</summary>
    public IEnumerable<KeyValuePair<string, OpenRow>> Closed =>
        _changes
            .Where(static change => change.Value.InIndex is not null && change.Value.InIndex != change.Value.Now)
            .Select(static change => KeyValuePair.Create(change.Key, change.Value.InIndex!));

    /// <summary>Starts that are open and not in the index.</summary>
    public IEnumerable<OpenRow> Opened =>
        _changes
            .Values.Where(static change => change.Now is not null && change.InIndex != change.Now)
            .Select(static change => change.Now!)
            .Concat(_nameless);

    /// <inheritdoc/>
    public override OpenStart? Find(string taskId)
    {
        if (!_changes.TryGetValue(taskId, out var change))
        {
            if (find?.Invoke(taskId) is not { } row)
            {
                return null;
            }

            change = new Change(row, row);
            _changes.Add(taskId, change);
        }

        return change.Now is { } open ? new OpenStart(open.Line, new DateTimeOffset(open.Start, TimeSpan.Zero), open.Offset < _file) : null;
    }

    /// <inheritdoc/>
    public override void Add(TimingEntry start)
    {
        var row = new OpenRow(Offset, start.Line, start.StartTime!.Value.UtcTicks, start);
        if (start.TaskId.Length == 0)
        {
            _nameless.Add(row);
        }
        else
        {
            _changes[start.TaskId] = new Change(_changes.GetValueOrDefault(start.TaskId).InIndex, row);
        }
    }

    /// <inheritdoc/>
    public override void Remove(string taskId)
    {
        if (_changes[taskId].InIndex is { } row)
        {
            _changes[taskId] = new Change(row, null);
        }
        else
        {
            _changes.Remove(taskId);
        }
    }

    private readonly record struct Change(OpenRow? InIndex, OpenRow? Now);
}
