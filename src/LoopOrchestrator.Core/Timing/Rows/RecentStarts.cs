namespace LoopOrchestrator.Core.Timing.Rows;

/// <summary>Open starts as far as rows after a certain one tell, laid over those before it.</summary>
/// <param name="before">Finds a start that rows before left open.</param>
internal sealed class RecentStarts(Func<string, TimingEntry?> before) : OpenStarts
{
    private readonly Dictionary<string, TimingEntry?> _changes = new(StringComparer.Ordinal);

    /// <summary>Ids that rows since then opened, with their start, or closed.</summary>
    public IReadOnlyDictionary<string, TimingEntry?> Changes => _changes;

    /// <summary>The start row itself.</summary>
    public TimingEntry? Entry(string taskId) => _changes.TryGetValue(taskId, out var start) ? start : before(taskId);

    /// <inheritdoc/>
    public override OpenStart? Find(string taskId) => Entry(taskId) is { } start ? new OpenStart(start.Line, start.StartTime) : null;

    /// <inheritdoc/>
    public override void Add(TimingEntry start)
    {
        // One without an id cannot be closed by anybody.
        if (start.TaskId.Length > 0)
        {
            _changes[start.TaskId] = start;
        }
    }

    /// <inheritdoc/>
    public override void Remove(string taskId) => _changes[taskId] = null;
}
