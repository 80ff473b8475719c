namespace LoopOrchestrator.Core.Timing.Rows;

/// <summary>Open starts in memory.</summary>
internal sealed class HeldStarts : OpenStarts
{
    private readonly Dictionary<string, (TimingEntry Start, int File)> _named = new(StringComparer.Ordinal);
    private readonly List<TimingEntry> _nameless = [];
    private int _file;

    /// <summary>All of them, in no certain order.</summary>
    public IEnumerable<TimingEntry> All => _named.Values.Select(static named => named.Start).Concat(_nameless);

    /// <summary>The rows that come next are those of another file.</summary>
    public void BeginFile() => _file++;

    /// <inheritdoc/>
    public override OpenStart? Find(string taskId) =>
        _named.TryGetValue(taskId, out var start) ? new OpenStart(start.Start.Line, start.Start.StartTime, start.File < _file) : null;

    /// <inheritdoc/>
    public override void Add(TimingEntry start)
    {
        if (start.TaskId.Length == 0)
        {
            _nameless.Add(start);
        }
        else
        {
            _named.Add(start.TaskId, (start, _file));
        }
    }

    /// <inheritdoc/>
    public override void Remove(string taskId) => _named.Remove(taskId);
}
