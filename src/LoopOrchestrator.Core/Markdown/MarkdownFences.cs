namespace LoopOrchestrator.Core.Markdown;

/// <summary>Finds fenced code blocks, in which nothing is a heading, an item or an entry (CommonMark, section 4.5).</summary>
internal static class MarkdownFences
{
    /// <summary>
    /// Says for each line whether it belongs to a fenced block, its fences included. An opening fence that is never closed is taken as
    /// plain text: it would hide the rest of the file.
    /// </summary>
    public static bool[] Find(IReadOnlyList<SourceLine> lines)
    {
        var inside = new bool[lines.Count];
        // The shortest fence of each kind that was looked for in vain; longer ones need not be looked for again.
        var (noBackticks, noTildes) = (int.MaxValue, int.MaxValue);
        for (var index = 0; index < lines.Count; index++)
        {
            var (character, length) = Fence(lines[index].Text);
            if (length == 0 || length >= (character == '`' ? noBackticks : noTildes))
            {
                continue;
            }

            var close = index + 1;
            while (close < lines.Count && !Closes(lines[close].Text, character, length))
            {
                close++;
            }

            if (close < lines.Count)
            {
                Array.Fill(inside, value: true, index, close - index + 1);
                index = close;
            }
            else if (character == '`')
            {
                noBackticks = length;
            }
            else
            {
                noTildes = length;
            }
        }

        return inside;
    }

    private static (char Character, int Length) Fence(string text)
    {
        var content = text.AsSpan().TrimStart();
        if (content.Length < 3 || content[0] is not ('`' or '~'))
        {
            return default;
        }

        var character = content[0];
        var length = content.IndexOfAnyExcept(character) is >= 0 and var end ? end : content.Length;
        // A line such as ```code``` is code within a line.
        return length >= 3 && (character == '~' || !content[length..].Contains('`')) ? (character, length) : default;
    }

    private static bool Closes(string text, char character, int length)
    {
        var content = text.AsSpan().Trim();
        return content.Length >= length && content.IndexOfAnyExcept(character) < 0;
    }
}
