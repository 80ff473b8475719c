using System.Buffers;
using LoopOrchestrator.Core.Markdown;

namespace LoopOrchestrator.Core.Todo;

/// <summary>One line of a plan by its form.</summary>
/// <param name="Indent">The columns before the text; a tab reaches to the next multiple of four (CommonMark, section 2.2).</param>
/// <param name="HasBullet">It is a list item.</param>
/// <param name="IsTicked">What the box says; <see langword="null"/> without a box.</param>
/// <param name="Text">The text without bullet and box.</param>
internal readonly record struct TodoLine(int Indent, bool HasBullet, bool? IsTicked, string Text)
{
    private const int MaxKeyLength = 40;

    private static readonly SearchValues<char> NotInKeys = SearchValues.Create("`[]()\".");

    /// <summary>Reads any line.</summary>
    public static TodoLine Parse(SourceLine line)
    {
        var text = line.Text.AsSpan();
        var (indent, position) = (0, 0);
        while (position < text.Length && text[position] is ' ' or '\t')
        {
            indent = text[position++] == '\t' ? (indent / 4 * 4) + 4 : indent + 1;
        }

        text = text[position..];
        var bullet = BulletLength(text);
        if (bullet == 0)
        {
            return new TodoLine(indent, HasBullet: false, null, text.Trim().ToString());
        }

        text = text[bullet..].TrimStart();
        if (
            text.Length >= 3
            && text[0] == '['
            && text[1] is ' ' or 'x' or 'X'
            && text[2] == ']'
            && (text.Length == 3 || char.IsWhiteSpace(text[3]))
        )
        {
            return new TodoLine(indent, HasBullet: true, text[1] != ' ', text[3..].Trim().ToString());
        }

        return new TodoLine(indent, HasBullet: true, null, text.Trim().ToString());
    }

    /// <summary>Splits a note at its key: <c>**Key**: text</c>, or <c>Key: text</c> with a short key that begins with a capital.</summary>
    public static (string? Key, string Text) SplitKey(string text)
    {
        if (text.StartsWith("**", StringComparison.Ordinal))
        {
            var end = text.IndexOf("**", 2, StringComparison.Ordinal);
            if (end <= 2)
            {
                return (null, text);
            }

            var rest = text[(end + 2)..];
            return (text[2..end].TrimEnd(':').Trim(), rest.TrimStart(':', ' '));
        }

        var colon = text.IndexOf(": ", StringComparison.Ordinal);
        return colon is > 0 and <= MaxKeyLength && char.IsUpper(text[0]) && text.AsSpan(0, colon).IndexOfAny(NotInKeys) < 0
            ? (text[..colon], text[(colon + 2)..].Trim())
            : (null, text);
    }

    /// <summary>Splits an item's text at the end of its bold title.</summary>
    public static (string Title, string Detail) SplitTitle(string text)
    {
        var end = text.StartsWith("**", StringComparison.Ordinal) ? text.IndexOf("**", 2, StringComparison.Ordinal) : -1;
        return end > 2 ? (text[2..end].TrimEnd(':').Trim(), text[(end + 2)..].TrimStart(':', '-', '–', '—', ' ').Trim()) : (text, "");
    }

    private static int BulletLength(ReadOnlySpan<char> text)
    {
        var length = text.Length > 0 && text[0] is '-' or '*' or '+' ? 1 : 0;
        if (length == 0)
        {
            var digits = text.IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? end : text.Length;
            length = digits is > 0 and < 10 && digits < text.Length && text[digits] is '.' or ')' ? digits + 1 : 0;
        }

        return length > 0 && length < text.Length && text[length] is ' ' or '\t' ? length : 0;
    }
}
