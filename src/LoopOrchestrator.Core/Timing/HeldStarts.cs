namespace LoopOrchestrator.Core.Timing;

/// <summary>Open starts in memory.</summary>
internal sealed class HeldStarts : OpenStarts
{
    private readonly Dictionary<string, TimingEntry> _named = new(StringComparer.Ordinal);
    private readonly List<TimingEntry> _nameless = [];

    /// <summary>All of them, in no certain order.</summary>
    public IEnumerable<TimingEntry> All => _named.Values.Concat(_nameless);

    /// <inheritdoc/>
    public override OpenStart? Find(string taskId) => _named.TryGetValue(taskId, out var start) ? new OpenStart(start.Line, start.StartTime) : null;

    /// <inheritdoc/>
    public override void Add(TimingEntry start)
    {
        if (start.TaskId.Length == 0)
        {
            _nameless.Add(start);
        }
        else
        {
            _named.Add(start.TaskId, start);
        }
    }

    /// <inheritdoc/>
    public override void Remove(string taskId) => _named.Remove(taskId);
}
