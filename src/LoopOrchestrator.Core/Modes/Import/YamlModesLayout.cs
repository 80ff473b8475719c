using YamlDotNet.Core.Events;

namespace LoopOrchestrator.Core.Modes.Import;

/// <summary>Where the list of modes and its entries stand in a YAML text, so that it can be changed there and nowhere else.</summary>
internal sealed class YamlModesLayout
{
    private const string Key = "customModes";

    private readonly string _text;

    /// <param name="text">A text that <see cref="ModesDocument"/> has read as YAML.</param>
    public YamlModesLayout(string text)
    {
        _text = text;
        var parser = ModesYaml.Open(text);
        var depth = 0;
        var isKey = true;
        var isList = false;
        while (parser.MoveNext())
        {
            var current = parser.Current!;
            if (current is SequenceEnd or MappingEnd)
            {
                depth--;
                if (isList && depth == 1)
                {
                    isList = false;
                    ValueEnd = IsFlow ? text.IndexOf(']', Math.Max(ValueStart, (int)current.Start.Index - 1)) + 1 : (int)current.End.Index;
                    isKey = true;
                }
                else if (depth == 1)
                {
                    isKey = true;
                }

                continue;
            }

            if (current is not (NodeEvent or AnchorAlias))
            {
                continue;
            }

            if (depth == 1 && isKey && !isList)
            {
                if (HasKey)
                {
                    // The list ends above the key that follows it.
                    NextKey = (int)current.Start.Index;
                    return;
                }

                HasKey = current is Scalar { Value: Key };
                KeyColumn = (int)current.Start.Column - 1;
                isKey = false;
            }
            else if (depth == 1)
            {
                if (HasKey)
                {
                    ValueStart = (int)current.Start.Index;
                    ValueEnd = (int)current.End.Index;
                    isList = current is SequenceStart;
                    IsAlias = current is AnchorAlias;
                    IsFlow = current is SequenceStart { Style: SequenceStyle.Flow };
                    DashColumn = isList && !IsFlow ? (int)current.Start.Column - 1 : KeyColumn + 2;
                }

                isKey = current is not (SequenceStart or MappingStart);
            }
            else if (isList && depth == 2)
            {
                Items.Add((int)current.Start.Index);
            }

            depth += current is SequenceStart or MappingStart ? 1 : 0;
        }
    }

    /// <summary>Whether the text has the list's key.</summary>
    public bool HasKey { get; }

    /// <summary>Whether the list stands elsewhere, and only a reference to it under the key.</summary>
    public bool IsAlias { get; }

    /// <summary>Whether the list stands in brackets.</summary>
    public bool IsFlow { get; }

    /// <summary>Where the key's value begins; for nothing at all, where it would.</summary>
    public int ValueStart { get; }

    /// <summary>Where it ends; of a list in brackets behind the last one.</summary>
    public int ValueEnd { get; }

    /// <summary>The column of the hyphens, from 0; of those to be written when there are none.</summary>
    public int DashColumn { get; }

    /// <summary>Where each entry's content begins.</summary>
    public List<int> Items { get; } = [];

    private int KeyColumn { get; }

    private int? NextKey { get; }

    /// <summary>The place behind the last entry, above comments that belong to what follows.</summary>
    public int End => NextKey is { } next ? AboveComments(LineStart(next), skipBlank: false) : _text.Length;

    /// <summary>The place of a whole entry, from the line of its hyphen on.</summary>
    public (int Start, int End) Item(int index) =>
        (
            Dash(Items[index]),
            index + 1 < Items.Count ? AboveComments(Dash(Items[index + 1]), skipBlank: true)
            : NextKey is null ? _text.Length
            : AboveComments(End, skipBlank: true)
        );

    private int Dash(int item)
    {
        var line = LineStart(item);
        while (
            line > 0
            && !(line + DashColumn < _text.Length && _text[line + DashColumn] == '-' && _text.AsSpan(line, DashColumn).IsWhiteSpace())
        )
        {
            line = LineStart(line - 1);
        }

        return line;
    }

    // Text of an entry is indented more than its hyphen, so a comment that is not belongs to what comes after it. Blank lines can belong to
    // a text.
    private int AboveComments(int line, bool skipBlank)
    {
        while (line > 0)
        {
            var previous = LineStart(line - 1);
            var content = _text.AsSpan(previous, line - previous).TrimEnd();
            var indent = content.Length - content.TrimStart().Length;
            if (!(content.Length == 0 ? skipBlank : content[indent] == '#' && indent <= DashColumn))
            {
                break;
            }

            line = previous;
        }

        return line;
    }

    private int LineStart(int index) => index == 0 ? 0 : _text.LastIndexOf('\n', index - 1) + 1;
}
