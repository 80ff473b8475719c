using System.Diagnostics.CodeAnalysis;
using System.Text;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Markdown;

namespace LoopOrchestrator.Core.Memory;

/// <summary>
/// The memory file (or its archive) as sections and entries over lines that keep their bytes. Writing it back unchanged is the identity.
/// Not safe for concurrent use.
/// </summary>
internal sealed class MemoryDocument
{
    private readonly SourceText _source;
    private readonly string _file;
    private MergeConflicts _conflicts;
    private MemoryOutline _outline;

    private MemoryDocument(SourceText source, string file)
    {
        _source = source;
        _file = file;
        Reread();
    }

    /// <summary>How many lines the file has; a last line without a line end counts.</summary>
    public int LineCount => _source.Lines.Count;

    /// <summary>How many bytes the file has.</summary>
    public int ByteCount => _source.ByteCount();

    /// <summary>Whether the file is in UTF-16 and must not be written.</summary>
    public bool IsUtf16 => _source.IsUtf16;

    /// <summary>The entries in the order of the file.</summary>
    public IReadOnlyList<MemoryBlock> Blocks => _outline.Blocks;

    /// <summary>
    /// The entries that stand in no merge conflict: those that may be shown, counted, moved and taken out. What a person has still to
    /// decide stays whole where it is.
    /// </summary>
    public IEnumerable<MemoryBlock> FindDecided() => Blocks.Where(block => !_conflicts.Touch(block.Start, block.End));

    /// <summary>Reads any bytes.</summary>
    /// <param name="bytes">The file's content; empty for a missing file.</param>
    /// <param name="file">The name that a refused change shows.</param>
    public static MemoryDocument Parse(ReadOnlyMemory<byte> bytes, string file = "the memory") => new(SourceText.Parse(bytes), file);

    /// <summary>The file's content.</summary>
    public byte[] ToBytes() => _source.ToBytes();

    /// <summary>What is odd about the file.</summary>
    /// <param name="file">The name to show.</param>
    public IEnumerable<Diagnostic> Diagnostics(string file) =>
        _source
            .EncodingDiagnostics(file)
            .Concat(_conflicts.Diagnose(file, "No entry of them is shown."))
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

    /// <summary>
    /// Puts a new entry at the end of a section, or in front of a merge conflict that goes beyond that; creates the sections that are
    /// missing.
    /// </summary>
    /// <returns>The new entry.</returns>
    /// <exception cref="UserErrorException">A merge conflict leaves no place for it; nothing was added.</exception>
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
    /// <exception cref="UserErrorException">A merge conflict leaves no place for them; nothing was copied.</exception>
    public bool Copy(MemorySection section, MemoryDocument from, IEnumerable<MemoryBlock> blocks)
    {
        var known = FindDecided().Where(block => block.Section == section).Select(RawText).ToHashSet(StringComparer.Ordinal);
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
    private int Insert(MemorySection section, List<List<SourceLine>> entries)
    {
        EnsureSections();
        var end = _outline.SectionEnd(section);
        if (end == _source.Lines.Count)
        {
            _source.CompleteLastLine();
        }

        var at = BehindText(end);
        if (_conflicts.At(at - 1) is { } conflict && (at < conflict.End || (!conflict.IsComplete && !StartsWithHeading(entries[0]))))
        {
            // Whoever decides the conflict may drop the side that the entry would stand in.
            at = InFrontOf(conflict);
        }

        var lines = entries.SelectMany(entry => entry.Prepend(_source.NewLine(""))).ToList();
        if (at < _source.Lines.Count && !_source.Lines[at].IsBlank)
        {
            lines.Add(_source.NewLine(""));
        }

        _source.Lines.InsertRange(at, lines);
        Reread();
        return at + 1;
    }

    private int InFrontOf(MergeConflict conflict) =>
        _outline.GoesOn(conflict)
            ? throw new UserErrorException(
                $"Lines {conflict.Begin + 1} to {conflict.End} of {_file} are a merge conflict that nobody has decided, and a new entry "
                    + "would stand in it; nothing was added. Keep one side and remove the lines of <, = and >, then repeat the call."
            )
            : BehindText(conflict.Begin);

    private int BehindText(int end)
    {
        while (_source.Lines[end - 1].IsBlank)
        {
            end--;
        }

        return end;
    }

    private static bool StartsWithHeading(List<SourceLine> entry) => MarkdownHeading.TryParse(entry[0].Text) is not null;

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

    [MemberNotNull(nameof(_conflicts), nameof(_outline))]
    private void Reread()
    {
        _conflicts = MergeConflicts.Find(_source.Lines);
        _outline = MemoryOutline.Read(_source.Lines, _conflicts);
    }
}
