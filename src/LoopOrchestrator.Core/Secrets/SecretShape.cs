using System.Buffers;

namespace LoopOrchestrator.Core.Secrets;

/// <summary>A form in which credentials are written: a prefix that gives them away, and what may follow it.</summary>
/// <param name="Prefix">The prefix.</param>
/// <param name="Kind">What it is called where it was taken out.</param>
/// <param name="Body">The characters that follow.</param>
/// <param name="Min">How many of them there are at least.</param>
/// <param name="Source">Where it is known from.</param>
/// <param name="Max">How many there are at most: a longer run is something else.</param>
internal sealed record SecretShape(
    string Prefix,
    string Kind,
    SearchValues<char> Body,
    int Min,
    SecretSource Source,
    int Max = int.MaxValue
)
{
    // Prose has long words with hyphens behind a prefix too; keys have a digit early.
    private const int Early = 256;

    // The first part of a token in parts, which says how it is signed.
    private const int MaxPartLength = 1024;

    private static readonly SearchValues<char> DigitValues = SearchValues.Create("0123456789");

    /// <summary>Whether the prefix stays, because it is no part of the credential.</summary>
    public bool KeepsPrefix { get; init; }

    /// <summary>How many dots have to be in it.</summary>
    public int Dots { get; init; }

    /// <summary>Whether a digit has to come early.</summary>
    public bool KeyNeedsDigit { get; init; } = true;

    /// <summary>Checks the text after the prefix.</summary>
    /// <returns>
    /// How much of it belongs to the credential, 0 when it is none; and whether it reaches the end of the text, so that more may belong to
    /// it.
    /// </returns>
    public (int Length, bool AtEnd) Measure(ReadOnlySpan<char> text)
    {
        var early = text[..Math.Min(text.Length, Early)];
        var length = early.IndexOfAnyExcept(Body);
        if (length >= 0 && length < Min)
        {
            return (0, false);
        }

        if (KeyNeedsDigit && (length < 0 ? early : early[..length]).IndexOfAny(DigitValues) < 0)
        {
            return (0, length < 0 && text.Length < Early);
        }

        if (Dots > 0 && text[..Math.Min(text.Length, MaxPartLength)].IndexOf('.') < 0)
        {
            return (0, length < 0 && text.Length < MaxPartLength);
        }

        length = length >= 0 ? length : text.IndexOfAnyExcept(Body);
        var atEnd = length < 0;
        length = atEnd ? text.Length : length;
        return length < Min || length > Max || text[..length].Count('.') < Dots ? (0, atEnd) : (length, atEnd);
    }
}
