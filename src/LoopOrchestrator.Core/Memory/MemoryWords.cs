using System.Globalization;
using System.Text;
using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Memory;

/// <summary>
/// A search text in the language of FTS5. Each word becomes a quoted string, so nothing that somebody types is ever read as an operator.
/// </summary>
/// <param name="Wanted">Finds what holds all the words.</param>
/// <param name="Unwanted">Finds what is to be left out; <see langword="null"/> when nothing is.</param>
internal sealed record MemoryWords(string Wanted, string? Unwanted)
{
    /// <summary>Reads any text.</summary>
    /// <exception cref="UserErrorException">It is too long, or no word is left to search for.</exception>
    public static MemoryWords Parse(string text)
    {
        if (text.Length > MemoryQuery.MaxTextLength)
        {
            throw new UserErrorException(
                $"The query has {text.Length} characters and may have {MemoryQuery.MaxTextLength}: a few words are enough."
            );
        }

        var (wanted, unwanted) = (new List<string>(), new List<string>());
        for (var index = 0; index < text.Length;)
        {
            if (IsGap(text[index]))
            {
                index++;
                continue;
            }

            var excluded = text[index] == '-';
            if (Take(text, excluded ? index + 1 : index, out index) is { } term)
            {
                (excluded ? unwanted : wanted).Add(term);
            }
        }

        return wanted.Count == 0
            ? throw new UserErrorException(
                "The query has no word to search for: give at least one with letters or digits and without a '-' before "
                    + "it, such as build, \"time out\" or config*."
            )
            : new MemoryWords(string.Join(" AND ", wanted), unwanted.Count == 0 ? null : string.Join(" OR ", unwanted));
    }

    private static string? Take(string text, int start, out int next)
    {
        var isPhrase = start < text.Length && text[start] == '"';
        start = isPhrase ? start + 1 : start;
        var end = start;
        while (end < text.Length && text[end] != '"' && (isPhrase || !IsGap(text[end])))
        {
            end++;
        }

        next = isPhrase && end < text.Length ? end + 1 : end;
        var isPrefix = !isPhrase && end > start && text[end - 1] == '*';

        // FTS5 reads its expression up to the first NUL.
        var word = new string([.. text[start..end].Select(static character => IsGap(character) ? ' ' : character)]);
        return word.EnumerateRunes().Any(IsInWords) ? $"\"{word}\"{(isPrefix ? " *" : "")}" : null;
    }

    private static bool IsGap(char character) => char.IsWhiteSpace(character) || char.IsControl(character);

    // What the tokenizer unicode61 takes for a part of a word: a phrase without any would match nothing, or be passed over.
    private static bool IsInWords(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is <= UnicodeCategory.OtherLetter
                or UnicodeCategory.DecimalDigitNumber
                or UnicodeCategory.LetterNumber
                or UnicodeCategory.OtherNumber
                or UnicodeCategory.PrivateUse;
}
