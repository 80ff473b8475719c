using System.Globalization;

namespace LoopOrchestrator.Core.Toml;

/// <summary>What tables say together: one value for each place, and a fault where two are said for one.</summary>
internal sealed class TomlMeaning
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    // What a place is when it is no leaf: made by a header of its own, on the way to another one, by a dotted key, or a list of tables.
    private readonly Dictionary<string, Made> _tables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _lists = new(StringComparer.Ordinal);

    public TomlMeaning(IReadOnlyList<TomlTable> tables)
    {
        foreach (var table in tables)
        {
            var at = table.Path.Count == 0 ? [] : Open(table);
            foreach (var key in table.Keys)
            {
                Add(at, key);
            }
        }
    }

    /// <summary>Every leaf by its place; an empty table or array is a leaf too.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    private enum Made
    {
        ByTheWay,
        ByHeader,
        ByKey,
    }

    private List<string> Open(TomlTable table)
    {
        List<string> at = [];
        for (var index = 0; index < table.Path.Count; index++)
        {
            at.Add(table.Path[index]);
            var place = TomlText.PlaceOf(at);
            var isLast = index == table.Path.Count - 1;
            if (_values.ContainsKey(place))
            {
                throw new TomlFaultException(table.Start, $"{Name(at)} is a value already, so it cannot be a table");
            }

            if (isLast && table.IsArray)
            {
                if (_tables.ContainsKey(place))
                {
                    throw new TomlFaultException(table.Start, $"{Name(at)} is a table already, so it cannot be a list of tables");
                }

                var number = _lists.GetValueOrDefault(place);
                _lists[place] = number + 1;
                at.Add(Item(number));
            }
            else if (_lists.TryGetValue(place, out var count))
            {
                if (isLast)
                {
                    throw new TomlFaultException(table.Start, $"{Name(at)} is a list of tables already, so it cannot be a table");
                }

                at.Add(Item(count - 1));
            }
            else if (isLast && _tables.TryGetValue(place, out var made) && made is not Made.ByTheWay)
            {
                throw new TomlFaultException(table.Start, $"the table {Name(at)} is there twice; put its keys together");
            }
            else if (isLast)
            {
                _tables[place] = Made.ByHeader;
            }
            else
            {
                _tables.TryAdd(place, Made.ByTheWay);
            }
        }

        return at;
    }

    private void Add(List<string> at, TomlKey key)
    {
        List<string> here = [.. at];
        for (var index = 0; index < key.Path.Count; index++)
        {
            here.Add(key.Path[index]);
            var place = TomlText.PlaceOf(here);
            var isLast = index == key.Path.Count - 1;
            if (_values.ContainsKey(place) || (isLast && (_tables.ContainsKey(place) || _lists.ContainsKey(place))))
            {
                throw new TomlFaultException(key.Start, $"{Name(here)} is there twice; keep one of the two");
            }

            if (!isLast)
            {
                _tables.TryAdd(place, Made.ByKey);
            }
        }

        AddValue(here, key.Value);
    }

    private void AddValue(List<string> at, TomlValue value)
    {
        switch (value.Kind)
        {
            case TomlKind.InlineTable when value.Members.Count > 0:
                // Closed once it is written: nothing may be added to it later, so its own place is taken as that of a leaf.
                _values.Add(TomlText.PlaceOf(at), "{");
                foreach (var member in value.Members)
                {
                    List<string> here = [.. at, .. member.Path];
                    if (_values.ContainsKey(TomlText.PlaceOf(here)))
                    {
                        throw new TomlFaultException(member.Start, $"{Name(here)} is there twice; keep one of the two");
                    }

                    AddValue(here, member.Value);
                }

                break;
            case TomlKind.Array when value.Items.Count > 0:
                _values.Add(TomlText.PlaceOf(at), "[");
                for (var index = 0; index < value.Items.Count; index++)
                {
                    AddValue([.. at, Item(index)], value.Items[index]);
                }

                break;
            default:
                _values.Add(TomlText.PlaceOf(at), $"{value.Kind}:{value.Text}");
                break;
        }
    }

    // No key of a text reads like this: a number sign of a bare key would be a comment, and the separator is no character of a key.
    private static string Item(int index) => string.Create(CultureInfo.InvariantCulture, $"\u001E{index}");

    private static string Name(IEnumerable<string> parts) =>
        $"'{string.Join('.', parts.Where(static part => !part.StartsWith('\u001E')))}'";
}
