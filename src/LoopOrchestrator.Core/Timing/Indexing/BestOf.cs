namespace LoopOrchestrator.Core.Timing.Indexing;

/// <summary>The items with the highest values while very many come by; of equal ones, that with the lower number is better.</summary>
/// <param name="most">How many are kept.</param>
internal sealed class BestOf(int most)
{
    private readonly PriorityQueue<int, (long Value, int Item)> _kept = new(
        Comparer<(long Value, int Item)>.Create(
            static (one, other) => one.Value != other.Value ? one.Value.CompareTo(other.Value) : other.Item.CompareTo(one.Item)
        )
    );

    private (long Value, int Item) _least = (long.MinValue, int.MaxValue);

    /// <summary>Considers an item.</summary>
    public void Add(int item, long value)
    {
        if (_kept.Count < most)
        {
            _kept.Enqueue(item, (value, item));
        }
        else if (value > _least.Value || (value == _least.Value && item < _least.Item))
        {
            _kept.DequeueEnqueue(item, (value, item));
        }
        else
        {
            return;
        }

        if (_kept.Count == most)
        {
            _kept.TryPeek(out _, out _least);
        }
    }

    /// <summary>Those kept, the highest value first.</summary>
    public int[] Take()
    {
        var items = new int[_kept.Count];
        for (var place = items.Length - 1; place >= 0; place--)
        {
            items[place] = _kept.Dequeue();
        }

        return items;
    }
}
