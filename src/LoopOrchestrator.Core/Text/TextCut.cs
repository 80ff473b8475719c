namespace LoopOrchestrator.Core.Text;

/// <summary>Cuts texts without leaving half a character at the cut.</summary>
internal static class TextCut
{
    /// <summary>At most this many UTF-16 units from the start; one less where the cut would fall into a surrogate pair.</summary>
    public static ReadOnlySpan<char> Head(string text, int length) =>
        text.Length <= length ? text
            : length > 0 && char.IsSurrogatePair(text[length - 1], text[length]) ? text.AsSpan(0, length - 1)
            : text.AsSpan(0, Math.Max(0, length));
}
