namespace LoopOrchestrator.Core.Timing.Indexing;

/// <summary>Texts that repeat, numbered in the order of their first appearance.</summary>
internal sealed class NumberedNames
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _names;

    /// <summary>Continues a list.</summary>
    public NumberedNames(IEnumerable<string> known)
    {
        _names = [.. known];
        Known = _names.Count;
        for (var number = 0; number < Known; number++)
        {
            _numbers[_names[number]] = number;
        }
    }

    /// <summary>All names by their number.</summary>
    public IReadOnlyList<string> All => _names;

    /// <summary>How many were there at the beginning.</summary>
    public int Known { get; }

    /// <summary>The number of a name, a new one where it needs one.</summary>
    public int Number(string name)
    {
        if (!_numbers.TryGetValue(name, out var number))
        {
            number = _names.Count;
            _numbers.Add(name, number);
            _names.Add(name);
        }

        return number;
    }
}
