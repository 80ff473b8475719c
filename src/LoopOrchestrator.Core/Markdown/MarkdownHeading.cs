namespace LoopOrchestrator.Core.Markdown;

/// <summary>A heading line with number signs.</summary>
/// <param name="Level">1 to 6.</param>
/// <param name="Title">The text, without closing number signs.</param>
internal readonly record struct MarkdownHeading(int Level, string Title)
{
    /// <summary>Reads a heading at the very beginning of a line.</summary>
    public static MarkdownHeading? TryParse(string line)
    {
        var level = line.AsSpan().IndexOfAnyExcept('#') is >= 0 and var end ? end : line.Length;
        if (level is < 1 or > 6 || (level < line.Length && line[level] is not (' ' or '\t')))
        {
            return null;
        }

        var title = line.AsSpan(level).Trim();
        var withoutClosing = title.TrimEnd('#');
        if (withoutClosing.IsEmpty || withoutClosing[^1] is ' ' or '\t')
        {
            title = withoutClosing.TrimEnd();
        }

        return new MarkdownHeading(level, title.ToString());
    }
}
