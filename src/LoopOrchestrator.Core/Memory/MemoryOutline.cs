using LoopOrchestrator.Core.Markdown;

namespace LoopOrchestrator.Core.Memory;

/// <summary>Where the sections and entries of a memory file begin and end, and what is odd about them.</summary>
internal sealed class MemoryOutline
{
    private readonly Dictionary<MemorySection, (int Heading, int End)> _sections = [];
    private readonly List<MemoryBlock> _blocks = [];
    private readonly List<(int Line, string Message)> _oddities = [];
    private readonly IReadOnlyList<SourceLine> _lines;
    private readonly MergeConflicts _conflicts;
    private readonly bool[] _fenced;

    private MemoryOutline(IReadOnlyList<SourceLine> lines, MergeConflicts conflicts)
    {
        _lines = lines;
        _conflicts = conflicts;
        _fenced = MarkdownFences.Find(lines);
    }

    /// <summary>The entries in the order of the file.</summary>
    public IReadOnlyList<MemoryBlock> Blocks => _blocks;

    /// <summary>What is odd, with its line counted from 1.</summary>
    public IReadOnlyList<(int Line, string Message)> Oddities => _oddities;

    /// <summary>Reads the outline in one pass.</summary>
    public static MemoryOutline Read(IReadOnlyList<SourceLine> lines, MergeConflicts conflicts)
    {
        var outline = new MemoryOutline(lines, conflicts);
        outline.ReadSections();
        outline._oddities.Sort((left, right) => left.Line.CompareTo(right.Line));
        return outline;
    }

    /// <summary>Whether the section is there, whichever side of a merge conflict stays.</summary>
    public bool Has(MemorySection section) => _sections.ContainsKey(section);

    /// <summary>The index of the section's heading.</summary>
    public int HeadingOf(MemorySection section) => _sections[section].Heading;

    /// <summary>The index after the section's last line.</summary>
    public int SectionEnd(MemorySection section) => _sections[section].End;

    /// <summary>
    /// Whether the entry above a merge conflict goes on in one of its readings, so that the conflict is about that entry.
    /// </summary>
    public bool GoesOn(MergeConflict conflict)
    {
        return IsText(conflict.Begin + 1, conflict.OursEnd)
            || IsText(conflict.TheirsBegin, conflict.IsComplete ? conflict.End - 1 : conflict.End);

        // A reading that is empty goes on behind the conflict.
        bool IsText(int start, int end)
        {
            while (start < end && _lines[start].IsBlank)
            {
                start++;
            }

            for (start = start < end ? start : conflict.End; start < _lines.Count; start++)
            {
                if (!_lines[start].IsBlank)
                {
                    return MarkdownHeading.TryParse(_lines[start].Text) is not { Level: <= 2 }
                        && MemoryHeader.TryParseLine(_lines[start].Text) is null;
                }
            }

            return false;
        }
    }

    private void ReadSections()
    {
        MemorySection? current = null;
        var start = 0;
        for (var index = 0; index <= _lines.Count; index++)
        {
            var heading = index < _lines.Count && !_fenced[index] ? MarkdownHeading.TryParse(_lines[index].Text) : null;
            if (index < _lines.Count && heading is not { Level: 1 })
            {
                continue;
            }

            if (current is { } section)
            {
                if (_conflicts.At(start) is null)
                {
                    _sections.TryAdd(section, (start, index));
                }

                ReadEntries(section, start + 1, index);
            }

            if (heading is { } title)
            {
                current = MemorySectionTitles.TryParse(title.Title);
                NoteHeading(current, index, title.Title);
                start = index;
            }
        }
    }

    private void NoteHeading(MemorySection? section, int index, string title)
    {
        if (_conflicts.At(index) is not null)
        {
            return;
        }

        if (section is null && _sections.Count > 0)
        {
            _oddities.Add(
                (
                    index + 1,
                    $"\"{title}\" is none of the three sections: what stands below it is kept and not read. Move it into "
                        + "a section, below a heading of the second level."
                )
            );
        }
        else if (section is { } known && _sections.ContainsKey(known))
        {
            _oddities.Add(
                (
                    index + 1,
                    $"The section \"{MemorySectionTitles.Canonical(known)}\" begins a second time: it is read here as "
                        + "well, and new entries go to the first."
                )
            );
        }
    }

    private void ReadEntries(MemorySection section, int from, int to)
    {
        var tornAbove = false;
        var (kind, header, start) = (MemoryBlockKind.Loose, MemoryHeader.None, from);
        for (var index = from; index < to; index++)
        {
            if (StartsConflict(index, kind) || (kind == MemoryBlockKind.Loose && EndsConflict(index)))
            {
                Finish(index);
                (kind, header, start) = (MemoryBlockKind.Loose, MemoryHeader.None, index);
            }

            if (_fenced[index])
            {
                continue;
            }

            var text = _lines[index].Text;
            if (MarkdownHeading.TryParse(text) is { Level: 2 } heading)
            {
                Finish(index);
                (kind, header) = MemoryHeader.Parse(heading);
                start = index;
            }
            else if (MemoryHeader.TryParseLine(text) is { } line)
            {
                Finish(index);
                (kind, header, start) = (MemoryBlockKind.OneLine, line, index);
            }
            else if (
                kind == MemoryBlockKind.OneLine
                && !_lines[index].IsBlank
                && _conflicts.At(index) is null
                && text[0] is not (' ' or '\t')
            )
            {
                Finish(index);
                (kind, header, start) = (MemoryBlockKind.Loose, MemoryHeader.None, index);
                NoteOrphan(index, text);
            }
            else if (kind == MemoryBlockKind.Headed && IsOrphan(start, index, tornAbove))
            {
                Finish(index);
                (kind, header, start) = (MemoryBlockKind.Loose, MemoryHeader.None, index);
                NoteOrphan(index, text);
            }
        }

        Finish(to);

        void Finish(int next)
        {
            var end = next;
            while (end > start && _lines[end - 1].IsBlank)
            {
                end--;
            }

            while (kind == MemoryBlockKind.Loose && start < end && _lines[start].IsBlank)
            {
                start++;
            }

            if (end <= start)
            {
                return;
            }

            _blocks.Add(new MemoryBlock(section, kind, start, end, header));
            if (kind == MemoryBlockKind.Headed && end == start + 1 && header.Rest.Length == 0)
            {
                tornAbove = true;
                _oddities.Add((start + 1, "A torn entry: its header stands here without a body, which may stand further below."));
            }
        }
    }

    // Lines without a header stand for themselves, and so do not become a part of the conflict below them.
    private bool StartsConflict(int index, MemoryBlockKind kind) =>
        _conflicts.At(index) is { } conflict
        && conflict.Begin == index
        && !_fenced[index]
        && (kind == MemoryBlockKind.Loose || !GoesOn(conflict));

    private bool EndsConflict(int index) => _conflicts.At(index - 1) is { } conflict && conflict.End == index;

    /// <summary>
    /// Whether bullets after a blank line belong to another entry than the one above: it says its finding twice, or an entry without a
    /// body stands further up in the section.
    /// </summary>
    private bool IsOrphan(int start, int index, bool tornAbove)
    {
        var text = _lines[index].Text;
        if (index < start + 3 || !_lines[index - 1].IsBlank || !text.StartsWith("- ", StringComparison.Ordinal))
        {
            return false;
        }

        return tornAbove || (IsFinding(text) && IsFinding(_lines[start + 1].Text));
    }

    private void NoteOrphan(int index, string text)
    {
        if (text.StartsWith("- ", StringComparison.Ordinal))
        {
            _oddities.Add((index + 1, "Bullets without a header: they may belong to an entry further up."));
        }
    }

    private static bool IsFinding(string text) =>
        text.StartsWith("- **Finding**", StringComparison.Ordinal) || text.StartsWith("- Finding:", StringComparison.Ordinal);
}
