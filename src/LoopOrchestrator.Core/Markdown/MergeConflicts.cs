using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Core.Markdown;

/// <summary>
/// The parts of a file that git has left for somebody to decide: two readings of the same lines, between markers. What stands in them is
/// neither the one nor the other.
/// </summary>
/// <remarks>
/// Markers that all stand in code fences are an example of a conflict, not one. A beginning without an end is what an editor leaves that
/// removed the end alone: which lines it is about is not known, so it counts up to the next heading, and hides nothing beyond that.
/// </remarks>
internal sealed class MergeConflicts
{
    private const string BeginMarker = "<<<<<<<";
    private const string BaseMarker = "|||||||";
    private const string MiddleMarker = "=======";
    private const string EndMarker = ">>>>>>>";

    private readonly MergeConflict?[] _byLine;
    private readonly List<MergeConflict> _all = [];

    private MergeConflicts(int count) => _byLine = new MergeConflict?[count];

    /// <summary>Finds those of a file, in time that grows with its length only.</summary>
    public static MergeConflicts Find(IReadOnlyList<SourceLine> lines)
    {
        var conflicts = new MergeConflicts(lines.Count);
        var fenced = MarkdownFences.Find(lines);
        conflicts.AddComplete(lines, fenced, isWithinFences: false);

        // Where one reading opens or closes a fence, some markers of the conflict stand within it.
        conflicts.AddComplete(lines, fenced, isWithinFences: true);
        conflicts.AddIncomplete(lines, fenced);
        conflicts._all.Sort(static (left, right) => left.Begin.CompareTo(right.Begin));
        return conflicts;
    }

    /// <summary>All of them, in the order of the file.</summary>
    public IReadOnlyList<MergeConflict> All => _all;

    /// <summary>The conflict that a line stands in, its markers included.</summary>
    /// <param name="line">The index of the line; one outside of the file stands in none.</param>
    public MergeConflict? At(int line) => line >= 0 && line < _byLine.Length ? _byLine[line] : null;

    /// <summary>Whether any of these lines stands in a conflict.</summary>
    public bool Touch(int start, int end) => Array.FindIndex(_byLine, start, end - start, static conflict => conflict is not null) >= 0;

    /// <summary>A finding for each conflict, at its first line.</summary>
    /// <param name="file">The name to show.</param>
    /// <param name="what">What is not done with what stands in it, as a sentence.</param>
    public IEnumerable<Diagnostic> Diagnose(string file, string what) =>
        _all.Select(conflict => new Diagnostic(
            DiagnosticSeverity.Error,
            file,
            conflict.Begin + 1,
            null,
            $"Lines {conflict.Begin + 1} to {conflict.End} "
                + (
                    conflict.IsComplete
                        ? $"are a merge conflict that nobody has decided. {what} Keep one side and remove the lines of <, = and >."
                        : $"follow the beginning of a merge conflict whose end is not there. {what} Remove the marker, and the side "
                            + "that is not to stay."
                )
        ));

    private void AddComplete(IReadOnlyList<SourceLine> lines, bool[] fenced, bool isWithinFences)
    {
        var (begin, ours, middle) = (-1, -1, -1);
        for (var index = 0; index < lines.Count; index++)
        {
            var text = lines[index].Text;
            if (_byLine[index] is not null)
            {
                (begin, ours, middle) = (-1, -1, -1);
            }
            else if (fenced[index] && !isWithinFences)
            {
                continue;
            }
            else if (Is(text, BeginMarker))
            {
                (begin, ours, middle) = (index, -1, -1);
            }
            else if (begin >= 0 && middle < 0 && ours < 0 && Is(text, BaseMarker))
            {
                ours = index;
            }
            else if (begin >= 0 && middle < 0 && text is MiddleMarker)
            {
                middle = index;
            }
            else if (middle >= 0 && Is(text, EndMarker))
            {
                if (!fenced[begin] || !fenced[middle] || !fenced[index])
                {
                    Add(new MergeConflict(begin, ours >= 0 ? ours : middle, middle + 1, index + 1, IsComplete: true));
                }

                (begin, ours, middle) = (-1, -1, -1);
            }
        }
    }

    private void AddIncomplete(IReadOnlyList<SourceLine> lines, bool[] fenced)
    {
        for (var index = 0; index < lines.Count; index++)
        {
            if (fenced[index] || _byLine[index] is not null || !Is(lines[index].Text, BeginMarker))
            {
                continue;
            }

            var end = index + 1;
            while (end < lines.Count && _byLine[end] is null && (fenced[end] || MarkdownHeading.TryParse(lines[end].Text) is null))
            {
                end++;
            }

            Add(new MergeConflict(index, end, end, end, IsComplete: false));
            index = end - 1;
        }
    }

    private void Add(MergeConflict conflict)
    {
        _all.Add(conflict);
        Array.Fill(_byLine, conflict, conflict.Begin, conflict.End - conflict.Begin);
    }

    private static bool Is(string line, string marker) =>
        line.StartsWith(marker, StringComparison.Ordinal) && (line.Length == marker.Length || line[marker.Length] == ' ');
}
