using System.Buffers;
using System.Text;

namespace LoopOrchestrator.Core.Files;

/// <summary>
/// Keeps control characters out of line-based files without using the backslash, which rows written by others mean literally:
/// U+0000..U+001F and U+007F are written as their control pictures U+2400..U+241F and U+2421, and a picture that stood in the text
/// is marked with U+2426 before it. Half of a surrogate pair cannot be written in UTF-8 and becomes U+FFFD.
/// </summary>
internal static class ControlPictures
{
    private const char First = '\u2400';
    private const char Delete = '\u2421';
    private const char Mark = '\u2426';

    private static readonly SearchValues<char> Pictures = SearchValues.Create([
        .. Enumerable.Range(First, Mark - First + 1).Select(code => (char)code),
    ]);

    private static readonly SearchValues<char> NotAsTheyAre = SearchValues.Create([
        .. Enumerable
            .Range(0, ' ')
            .Append('\u007F')
            .Concat(Enumerable.Range(First, Mark - First + 1))
            .Concat(Enumerable.Range(0xD800, 0x800))
            .Select(code => (char)code),
    ]);

    /// <summary>Makes <paramref name="text"/> fit for one field of one line.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="keepTabs">Leaves tabs as they are, for files in which a tab separates nothing.</param>
    public static string Encode(string text, bool keepTabs = false)
    {
        if (text.AsSpan().IndexOfAny(NotAsTheyAre) < 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (char.IsSurrogate(character))
            {
                var isPair = index + 1 < text.Length && char.IsSurrogatePair(character, text[index + 1]);
                result.Append(isPair ? text.AsSpan(index++, 2) : "\uFFFD");
                continue;
            }

            if (character is >= First and <= Mark)
            {
                result.Append(Mark);
            }

            result.Append(
                character switch
                {
                    '\t' when keepTabs => character,
                    < ' ' => (char)(First + character),
                    '\u007F' => Delete,
                    _ => character,
                }
            );
        }

        return result.ToString();
    }

    /// <summary>Takes <see cref="Encode"/> back. Pictures that mean nothing here stay as they are.</summary>
    public static string Decode(string text)
    {
        if (text.AsSpan().IndexOfAny(Pictures) < 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (character == Mark && index + 1 < text.Length && text[index + 1] is >= First and <= Mark)
            {
                result.Append(text[++index]);
                continue;
            }

            result.Append(
                character switch
                {
                    Delete => '\u007F',
                    >= First and < (char)(First + ' ') => (char)(character - First),
                    _ => character,
                }
            );
        }

        return result.ToString();
    }
}
