using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Markdown;

namespace LoopOrchestrator.Core.Todo;

/// <summary>
/// The items of a plan with their sections, notes and places, read in one pass. Text in fenced code blocks is no item. The lines keep
/// their bytes, so that an edit touches only its own line. Safe to share unless it is edited.
/// </summary>
internal sealed class TodoDocument
{
    private readonly SourceText _source;
    private readonly string _file;
    private readonly List<TodoItem> _items = [];
    private readonly List<Diagnostic> _diagnostics = [];
    private readonly List<TodoHeading> _headings = [];
    private readonly List<MarkdownHeading> _headingsAbove = [];
    private readonly Stack<(int Indent, string Id, List<TodoNote> Notes, HashSet<string> Keys)> _above = new();
    private readonly Dictionary<string, int> _occurrences = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private string _section = "";

    private TodoDocument(SourceText source, string file)
    {
        _source = source;
        _file = file;
    }

    /// <summary>The items in the order of the file, nested ones after the one that holds them.</summary>
    public IReadOnlyList<TodoItem> Items => _items;

    /// <summary>What is odd about the file, each with its line.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics => _diagnostics;

    /// <summary>The headings in the order of the file.</summary>
    internal IReadOnlyList<TodoHeading> Headings => _headings;

    /// <summary>The lines; after a change of them <see cref="Reread"/> makes the items fit.</summary>
    internal SourceText Source => _source;

    /// <summary>The merge conflicts that nobody has decided.</summary>
    internal MergeConflicts Conflicts { get; private set; } = MergeConflicts.Find([]);

    /// <summary>Reads any bytes.</summary>
    /// <param name="bytes">The file's content; empty for a missing file.</param>
    /// <param name="file">The name that findings show.</param>
    public static TodoDocument Parse(ReadOnlyMemory<byte> bytes, string file)
    {
        var document = new TodoDocument(SourceText.Parse(bytes), file);
        document.Reread();
        return document;
    }

    /// <summary>The file's content, byte for byte.</summary>
    public byte[] ToBytes() => _source.ToBytes();

    /// <summary>Reads the lines again.</summary>
    internal void Reread()
    {
        _items.Clear();
        _diagnostics.Clear();
        _diagnostics.AddRange(_source.EncodingDiagnostics(_file));
        _headings.Clear();
        _headingsAbove.Clear();
        _above.Clear();
        _occurrences.Clear();
        _ids.Clear();
        _section = "";
        Conflicts = MergeConflicts.Find(_source.Lines);
        _diagnostics.AddRange(Conflicts.Diagnose(_file, "No item of them is handed out."));
        var fenced = MarkdownFences.Find(_source.Lines);
        var afterBlank = false;
        for (var index = 0; index < _source.Lines.Count; index++)
        {
            var line = _source.Lines[index];
            if (Conflicts.At(index) is not null)
            {
                _above.Clear();
                continue;
            }

            if (line.IsBlank)
            {
                afterBlank = true;
                continue;
            }

            if (!fenced[index])
            {
                Read(line, index + 1, afterBlank);
            }
            else if (index == 0 || !fenced[index - 1])
            {
                LeaveItems(TodoLine.Parse(line).Indent);
            }

            afterBlank = false;
        }
    }

    private void Read(SourceLine source, int number, bool afterBlank)
    {
        if (MarkdownHeading.TryParse(source.Text) is { } heading)
        {
            _headingsAbove.RemoveAll(above => above.Level >= heading.Level);
            _headingsAbove.Add(heading);
            _section = string.Join(" > ", _headingsAbove.Select(above => above.Title));
            _headings.Add(new TodoHeading(number, heading.Title, _section));
            _above.Clear();
            return;
        }

        var line = TodoLine.Parse(source);
        if (!line.HasBullet && !afterBlank && _above.TryPeek(out var open) && line.Indent <= open.Indent)
        {
            // The text of the item or note above goes on without its indent (CommonMark, section 5.2: laziness).
            return;
        }

        LeaveItems(line.Indent);
        if (line.IsTicked is { } ticked)
        {
            AddItem(line, ticked, number);
        }
        else if (_above.TryPeek(out var item))
        {
            var (key, text) = TodoLine.SplitKey(line.Text);
            if (key is not null && !item.Keys.Add(key) && afterBlank)
            {
                _diagnostics.Add(
                    new Diagnostic(
                        DiagnosticSeverity.Warning,
                        _file,
                        number,
                        null,
                        $"A second \"{key}\" after a blank line: these notes may belong to another item."
                    )
                );
            }

            item.Notes.Add(new TodoNote(number, key, text));
        }
    }

    /// <summary>Forgets the items that a line with this indent does not stand in.</summary>
    private void LeaveItems(int indent)
    {
        while (_above.TryPeek(out var above) && above.Indent >= indent)
        {
            _above.Pop();
        }
    }

    private void AddItem(TodoLine line, bool isTicked, int number)
    {
        var (title, detail) = TodoLine.SplitTitle(line.Text);
        var titleKey = TodoText.Key(title);
        var key = $"{_section}\n{titleKey}";
        var occurrence = _occurrences[key] = _occurrences.GetValueOrDefault(key) + 1;
        if (occurrence > 1)
        {
            _diagnostics.Add(
                new Diagnostic(
                    DiagnosticSeverity.Information,
                    _file,
                    number,
                    null,
                    $"\"{title}\" stands {occurrence} times in this section."
                )
            );
        }

        var id = TodoId.Make(_section, titleKey, occurrence);
        while (!_ids.Add(id))
        {
            // Two ids alike by chance: the later item gets another one.
            id = TodoId.Make(_section, titleKey, occurrence = -occurrence - _items.Count);
        }

        var parent = _above.TryPeek(out var above) ? above.Id : null;
        var notes = new List<TodoNote>();
        _items.Add(new TodoItem(id, isTicked, title, detail, _section, number, _above.Count, parent, notes));
        _above.Push((line.Indent, id, notes, new HashSet<string>(StringComparer.OrdinalIgnoreCase)));
    }
}
