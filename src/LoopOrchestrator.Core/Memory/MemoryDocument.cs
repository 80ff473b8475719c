using System.Text;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Markdown;

namespace LoopOrchestrator.Core.Memory;

/// <summary>
/// The memory file (or its archive) as sections and entries over lines that keep their bytes. Writing it back unchanged is the identity.
/// Not safe for concurrent use.
/// </summary>
internal sealed class MemoryDocument
{
    private readonly SourceText _source;
    private MemoryOutline _outline;

    private MemoryDocument(SourceText source)
    {
        _source = source;
        _outline = MemoryOutline.Read(source.Lines);
    }

    /// <summary>How many lines the file has; a last line without a line end counts.</summary>
    public int LineCount => _source.Lines.Count;

    /// <summary>How many bytes the file has.</summary>
    public int ByteCount => _source.ByteCount();

    /// <summary>Whether the file is in UTF-16 and must not be written.</summary>
    public bool IsUtf16 => _source.IsUtf16;

    /// <summary>The entries in the order of the file.</summary>
    public IReadOnlyList<MemoryBlock> Blocks => _outline.Blocks;

    /// <summary>The entries that stand in no merge conflict.</summary>
    public IEnumerable<MemoryBlock> FindDecided()
    {
        var conflicts = MergeConflicts.Find(_source.Lines);
        return Blocks.Where(block => !conflicts.AsSpan(block.Start, block.End - block.Start).Contains(true));
    }

    /// <summary>Reads any bytes.</summary>
    public static MemoryDocument Parse(ReadOnlyMemory<byte> bytes) => new(SourceText.Parse(bytes));

    /// <summary>The file's content.</summary>
    public byte[] ToBytes() => _source.ToBytes();

    /// <summary>What is odd about the file.</summary>
    /// <param name="file">The name to show.</param>
    public IEnumerable<Diagnostic> Diagnostics(string file) =>
        _source
            .EncodingDiagnostics(file)
            .Concat(MergeConflicts.Diagnose(MergeConflicts.Find(_source.Lines), file, "No entry of them is shown."))
            .Concat(
                _outline.Oddities.Select(oddity => new Diagnostic(DiagnosticSeverity.Warning, file, oddity.Line, null, oddity.Message))
            );

    /// <summary>An entry for people and agents.</summary>
    public MemoryEntry Describe(MemoryBlock block, string file, bool archived)
    {
        var first = block.Kind == MemoryBlockKind.Loose ? block.Start : block.Start + 1;
        var (text, seen) = MemoryText.FromLines(block.Header.Rest, _source.Lines[first..block.End]);
        return new MemoryEntry(
            block.Section,
            block.Header.Timestamp,
            block.Header.Mode,
            block.Header.Category,
            text,
            file,
            block.Start + 1,
            block.Header.Pinned,
            archived,
            seen
        );
    }

    /// <summary>What <see cref="Remove"/> would take away at least for this entry.</summary>
    public (int Lines, int Bytes) Extent(MemoryBlock block)
    {
        var lines = _source.Lines[block.Start..RemovalEnd(block)];
        return (lines.Count, lines.Sum(line => line.Raw.Length));
    }

    /// <summary>Puts a new entry at the end of a section; creates the sections that are missing.</summary>
    /// <returns>The new entry.</returns>
    public MemoryBlock Append(MemorySection section, IEnumerable<string> texts)
    {
        var at = Insert(
            section,
            [
                [.. texts.Select(_source.NewLine)],
            ]
        );
        return Blocks.First(block => block.Start == at);
    }

    /// <summary>
    /// Copies entries of another document to the end of a section, byte for byte, those left out that stand there already.
    /// </summary>
    /// <returns>Whether anything had to be copied.</returns>
    public bool Copy(MemorySection section, MemoryDocument from, IEnumerable<MemoryBlock> blocks)
    {
        var known = Blocks.Where(block => block.Section == section).Select(RawText).ToHashSet(StringComparer.Ordinal);
        var missing = blocks.Where(block => known.Add(from.RawText(block))).Select(from.LinesOf).ToList();
        if (missing.Count > 0)
        {
            Insert(section, missing);
        }

        return missing.Count > 0;
    }

    /// <summary>Takes entries out, with the blank lines that set them off.</summary>
    public void Remove(IEnumerable<MemoryBlock> blocks)
    {
        foreach (var block in blocks.OrderByDescending(block => block.Start))
        {
            _source.Lines.RemoveRange(block.Start, RemovalEnd(block) - block.Start);
        }

        Reread();
    }

    /// <summary>How many times an entry was reported, and when last, as far as it says so.</summary>
    public (int Seen, DateTimeOffset? Last) Sightings(MemoryBlock block) =>
        MemoryText.ParseSeen(_source.Lines[block.End - 1].Text) is { } seen
            ? (seen.Count, seen.Last ?? block.Header.Timestamp)
            : (1, block.Header.Timestamp);

    /// <summary>Writes into an entry how many times it was reported and when last, and pins it if asked.</summary>
    /// <returns>The entry as it is now.</returns>
    public MemoryBlock Count(MemoryBlock block, int seen, DateTimeOffset latest, bool pin)
    {
        if (block.End == _source.Lines.Count)
        {
            _source.CompleteLastLine();
        }

        var last = block.End - 1;
        var line = _source.NewLine(MemoryText.FormatSeen(seen, latest, indented: block.Kind == MemoryBlockKind.OneLine));
        if (MemoryText.ParseSeen(_source.Lines[last].Text) is null)
        {
            _source.Lines.Insert(block.End, line);
        }
        else
        {
            _source.Lines[last] = line;
        }

        if (pin && !block.Header.Pinned)
        {
            _source.Lines[block.Start] = _source.NewLine($"{_source.Lines[block.Start].Text.TrimEnd()} {MemoryHeader.Pin}");
        }

        Reread();
        return Blocks.First(candidate => candidate.Start == block.Start);
    }

    /// <summary>The entry byte for byte, but for its line ends: what tells whether two are the same.</summary>
    public string RawText(MemoryBlock block) =>
        string.Join(
            '\n',
            _source.Lines[block.Start..block.End].Select(static line => Encoding.Latin1.GetString(line.Raw.Span).TrimEnd('\r', '\n'))
        );

    /// <summary>Creates the sections that are missing.</summary>
    public void EnsureSections()
    {
        foreach (var section in MemorySectionTitles.InOrder.Where(section => !_outline.Has(section)))
        {
            // Before the first later section that is there, else at the end.
            var later = MemorySectionTitles
                .InOrder.Where(other => other > section && _outline.Has(other))
                .Select(_outline.HeadingOf)
                .ToList();
            var at = later.Count == 0 ? _source.Lines.Count : later.Min();
            if (at == _source.Lines.Count)
            {
                _source.CompleteLastLine();
            }

            List<SourceLine> lines = [_source.NewLine("# " + MemorySectionTitles.Canonical(section))];
            if (at > 0 && !_source.Lines[at - 1].IsBlank)
            {
                lines.Insert(0, _source.NewLine(""));
            }

            if (at < _source.Lines.Count)
            {
                lines.Add(_source.NewLine(""));
            }

            _source.Lines.InsertRange(at, lines);
            Reread();
        }
    }

    /// <summary>Puts entries at the end of a section, each set off by a blank line.</summary>
    /// <returns>The index of the first line of the first entry.</returns>
    private int Insert(MemorySection section, IReadOnlyList<List<SourceLine>> entries)
    {
        EnsureSections();
        var end = _outline.SectionEnd(section);
        if (end == _source.Lines.Count)
        {
            _source.CompleteLastLine();
        }

        var at = end;
        while (_source.Lines[at - 1].IsBlank)
        {
            at--;
        }

        var lines = entries.SelectMany(entry => entry.Prepend(_source.NewLine(""))).ToList();
        if (at == end && end < _source.Lines.Count)
        {
            lines.Add(_source.NewLine(""));
        }

        _source.Lines.InsertRange(at, lines);
        Reread();
        return at + 1;
    }

    private int RemovalEnd(MemoryBlock block)
    {
        var end = block.End;
        if (block.Start == 0 || _source.Lines[block.Start - 1].IsBlank)
        {
            while (end < _source.Lines.Count && _source.Lines[end].IsBlank)
            {
                end++;
            }
        }

        return end;
    }

    private List<SourceLine> LinesOf(MemoryBlock block)
    {
        _source.CompleteLastLine();
        return _source.Lines[block.Start..block.End];
    }

    private void Reread() => _outline = MemoryOutline.Read(_source.Lines);
}
