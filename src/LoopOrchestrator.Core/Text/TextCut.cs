namespace LoopOrchestrator.Core.Text;

/// <summary>Cuts texts without leaving half a character at the cut.</summary>
public static class TextCut
{
    /// <summary>What stands where something was left out.</summary>
    private const string Ellipsis = "…";

    /// <summary>At most this many UTF-16 units from the start; one less where the cut would fall into a surrogate pair.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="length">How many; none where it is not positive.</param>
    public static ReadOnlySpan<char> Head(string text, int length)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= length ? text : text.AsSpan(0, Whole(text, Math.Max(0, length)));
    }

    /// <summary>At most this many UTF-16 units from the end; one less where the cut would fall into a surrogate pair.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="length">How many; none where it is not positive.</param>
    public static ReadOnlySpan<char> Tail(string text, int length)
    {
        ArgumentNullException.ThrowIfNull(text);
        var start = Math.Max(0, text.Length - Math.Max(0, length));
        return text.AsSpan(Whole(text, start) < start ? start + 1 : start);
    }

    /// <summary>The text, or its head and an ellipsis behind it where it is longer than that.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="length">The most UTF-16 units of the head.</param>
    public static string Shorten(string text, int length)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= length ? text : string.Concat(Head(text, length), Ellipsis);
    }

    // Before the pair where the position is within one.
    private static int Whole(string text, int position) =>
        position > 0 && position < text.Length && char.IsSurrogatePair(text[position - 1], text[position]) ? position - 1 : position;
}
