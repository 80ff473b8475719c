using System.Security.Cryptography;
using System.Text;
using LoopOrchestrator.Core.Findings;
using LoopOrchestrator.Core.Markdown;

namespace LoopOrchestrator.Core.Todo;

/// <summary>
/// The items of a plan with their sections, notes and places, read in one pass. Text in fenced code blocks is no item. The lines keep
/// their bytes, so that a later edit touches only its own line. Read-only and safe to share.
/// </summary>
public sealed class TodoDocument
{
    private const int IdBytes = 5;

    private readonly SourceText _source;
    private readonly string _file;
    private readonly List<TodoItem> _items = [];
    private readonly List<Finding> _findings;
    private readonly List<MarkdownHeading> _headings = [];
    private readonly Stack<(int Indent, string Id, List<TodoNote> Notes)> _above = new();
    private readonly Dictionary<string, int> _occurrences = new(StringComparer.Ordinal);
    private string _section = "";

    private TodoDocument(SourceText source, string file)
    {
        _source = source;
        _file = file;
        _findings = [.. source.EncodingFindings(file)];
    }

    /// <summary>The items in the order of the file, nested ones after the one that holds them.</summary>
    public IReadOnlyList<TodoItem> Items => _items;

    /// <summary>What is odd about the file, each with its line.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>Reads any bytes.</summary>
    /// <param name="bytes">The file's content; empty for a missing file.</param>
    /// <param name="file">The name that findings show.</param>
    public static TodoDocument Parse(ReadOnlyMemory<byte> bytes, string file)
    {
        var document = new TodoDocument(SourceText.Parse(bytes), file);
        document.ReadLines();
        return document;
    }

    /// <summary>The file's content, byte for byte.</summary>
    public byte[] ToBytes() => _source.ToBytes();

    private void ReadLines()
    {
        var fenced = MarkdownFences.Find(_source.Lines);
        var afterBlank = false;
        for (var index = 0; index < _source.Lines.Count; index++)
        {
            var line = _source.Lines[index];
            if (line.IsBlank)
            {
                afterBlank = true;
                continue;
            }

            if (!fenced[index])
            {
                Read(line, index + 1, afterBlank);
            }

            afterBlank = false;
        }
    }

    private void Read(SourceLine source, int number, bool afterBlank)
    {
        if (MarkdownHeading.TryParse(source.Text) is { } heading)
        {
            _headings.RemoveAll(above => above.Level >= heading.Level);
            _headings.Add(heading);
            _section = string.Join(" > ", _headings.Select(above => above.Title));
            _above.Clear();
            return;
        }

        var line = TodoLine.Parse(source);
        while (_above.TryPeek(out var above) && above.Indent >= line.Indent)
        {
            _above.Pop();
        }

        if (line.IsTicked is { } ticked)
        {
            AddItem(line, ticked, number);
        }
        else if (_above.TryPeek(out var item))
        {
            var (key, text) = TodoLine.SplitKey(line.Text);
            if (afterBlank && key is not null && item.Notes.Exists(note => string.Equals(note.Key, key, StringComparison.OrdinalIgnoreCase)))
            {
                _findings.Add(new Finding(FindingSeverity.Warning, _file, number, null, $"A second \"{key}\" after a blank line: these notes may belong to another item."));
            }

            item.Notes.Add(new TodoNote(number, key, text));
        }
    }

    private void AddItem(TodoLine line, bool isTicked, int number)
    {
        var (title, detail) = TodoLine.SplitTitle(line.Text);
        var key = $"{_section}\n{Normalise(title)}";
        var occurrence = _occurrences[key] = _occurrences.GetValueOrDefault(key) + 1;
        if (occurrence > 1)
        {
            _findings.Add(new Finding(FindingSeverity.Information, _file, number, null, $"\"{title}\" stands {occurrence} times in this section."));
        }

        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{key}\n{occurrence}")).AsSpan(0, IdBytes));
        var parent = _above.TryPeek(out var above) ? above.Id : null;
        var notes = new List<TodoNote>();
        _items.Add(new TodoItem(id, isTicked, title, detail, _section, number, _above.Count, parent, notes));
        _above.Push((line.Indent, id, notes));
    }

    private static string Normalise(string title) =>
        string.Join(' ', title.Replace("*", "", StringComparison.Ordinal).Replace("`", "", StringComparison.Ordinal)
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToUpperInvariant();
}
