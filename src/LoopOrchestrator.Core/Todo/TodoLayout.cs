using LoopOrchestrator.Core.Markdown;

namespace LoopOrchestrator.Core.Todo;

/// <summary>Where in the lines of a plan something can be added without tearing what belongs together. All indexes count from 0.</summary>
internal sealed class TodoLayout
{
    private readonly TodoDocument _document;
    private readonly List<SourceLine> _lines;
    private readonly bool[] _fenced;

    /// <summary>Reads the layout of a plan; of no use after a change of it.</summary>
    public TodoLayout(TodoDocument document)
    {
        _document = document;
        _lines = document.Source.Lines;
        _fenced = MarkdownFences.Find(_lines);
    }

    /// <summary>The index after the last line of a section: its items with all below them, else its text.</summary>
    public int EndOfItems(TodoHeading heading)
    {
        var limit = Limit(heading.Line);
        if (Items(heading).LastOrDefault() is { } last)
        {
            return Extend(last.Line, limit, indent: 0, withItems: true);
        }

        while (_lines[limit - 1].IsBlank)
        {
            limit--;
        }

        return limit;
    }

    /// <summary>Whether the items of a section are set off from each other by blank lines.</summary>
    public bool IsSpaced(TodoHeading heading)
    {
        var items = Items(heading).Where(static item => item.Depth == 0).TakeLast(2).ToList();
        return items.Count == 2 && _lines[items[1].Line - 2].IsBlank;
    }

    /// <summary>The sign that a further item of a section begins with: as the last one has it, a number increased.</summary>
    public string NextBullet(TodoHeading heading, int ahead)
    {
        var text = Items(heading).LastOrDefault(static item => item.Depth == 0) is { } last ? _lines[last.Line - 1].Text : "";
        var sign = text.Length > 0 && !char.IsWhiteSpace(text[0]) ? text[..text.AsSpan().IndexOfAny(' ', '\t')] : "-";
        return int.TryParse(sign.AsSpan(0, sign.Length - 1), out var number) ? $"{number + 1 + ahead}{sign[^1]}" : sign;
    }

    /// <summary>
    /// The index after the lines that speak of an item itself: its own text and first notes, before a blank line or an item in it.
    /// </summary>
    public int EndOfNotes(TodoItem item) =>
        Extend(item.Line, Limit(item.Line), TodoLine.Parse(_lines[item.Line - 1]).Indent, withItems: false);

    /// <summary>
    /// What a further note of an item begins with before its bullet: as its notes and items have it, else as the first note of the file.
    /// </summary>
    public string NoteIndent(TodoItem item)
    {
        var below = item
            .Notes.Select(static note => note.Line)
            .Concat(_document.Items.Where(child => child.ParentId == item.Id).Select(static child => child.Line))
            .ToList();
        return below.Count > 0 ? Indent(below.Min()) : Indent(item.Line) + Unit(_lines[item.Line - 1].Text.AsSpan().TrimStart());
    }

    /// <summary>The step by which notes stand below an item that begins with this text.</summary>
    public string Unit(ReadOnlySpan<char> item)
    {
        var unit = "  ";
        if (_document.Items.FirstOrDefault(static other => other.Notes.Count > 0) is { } sample)
        {
            var (outer, inner) = (Indent(sample.Line), Indent(sample.Notes[0].Line));
            unit = inner.Length > outer.Length && inner.StartsWith(outer, StringComparison.Ordinal) ? inner[outer.Length..] : unit;
        }

        // Below "10. " two spaces would not be enough for Markdown.
        return unit.Contains('\t', StringComparison.Ordinal) ? unit : unit.PadRight(Math.Max(0, item.IndexOfAny(' ', '\t')) + 1);
    }

    private int Extend(int first, int limit, int indent, bool withItems)
    {
        var end = first;
        for (var index = first; index < limit; index++)
        {
            if (_fenced[index] && _fenced[index - 1] && end == index)
            {
                end = index + 1;
                continue;
            }

            if (_lines[index].IsBlank)
            {
                if (!withItems)
                {
                    break;
                }

                continue;
            }

            var line = TodoLine.Parse(_lines[index]);
            var isLazy = !line.HasBullet && !_fenced[index] && end == index;
            if ((line.Indent <= indent && !isLazy) || (!withItems && line.IsTicked is not null && !_fenced[index]))
            {
                break;
            }

            end = index + 1;
        }

        return end;
    }

    private IEnumerable<TodoItem> Items(TodoHeading heading)
    {
        var limit = Limit(heading.Line);
        return _document.Items.Where(item => item.Line > heading.Line && item.Line <= limit);
    }

    /// <summary>The index of the next heading or merge conflict after a line, else the number of lines.</summary>
    private int Limit(int line)
    {
        var limit = _document.Headings.FirstOrDefault(next => next.Line > line) is { } heading ? heading.Line - 1 : _lines.Count;
        return _document.Conflicts.All.FirstOrDefault(next => next.Begin >= line) is { } conflict ? Math.Min(conflict.Begin, limit) : limit;
    }

    private string Indent(int line)
    {
        var text = _lines[line - 1].Text;
        return text[..(text.Length - text.AsSpan().TrimStart(" \t").Length)];
    }
}
