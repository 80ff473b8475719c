using System.Buffers;

namespace LoopOrchestrator.Core.Secrets;

/// <summary>A form in which credentials are written: a prefix that gives them away, and what may follow it.</summary>
/// <param name="Prefix">The prefix.</param>
/// <param name="Kind">What it is called where it was taken out.</param>
/// <param name="Body">The characters that follow.</param>
/// <param name="Least">How many of them there are at least.</param>
/// <param name="Most">How many there are at most: a longer run is something else.</param>
internal sealed record SecretShape(string Prefix, string Kind, SearchValues<char> Body, int Least, int Most = int.MaxValue)
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Digits = "0123456789";

    // Prose has long words with hyphens behind a prefix too; keys have a digit early.
    private const int Early = 256;

    // The first part of a token in parts, which says how it is signed.
    private const int LongestPart = 1024;

    private static readonly SearchValues<char> DigitValues = SearchValues.Create(Digits);
    private static readonly SearchValues<char> Word = SearchValues.Create(Letters + Digits);
    private static readonly SearchValues<char> WordLine = SearchValues.Create(Letters + Digits + "_");
    private static readonly SearchValues<char> WordHyphen = SearchValues.Create(Letters + Digits + "_-");
    private static readonly SearchValues<char> Upper = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ" + Digits);
    private static readonly SearchValues<char> Dotted = SearchValues.Create(Letters + Digits + "_-.");
    private static readonly SearchValues<char> HeaderValue = SearchValues.Create(Letters + Digits + "-._~+/=");

    /// <summary>The shapes that are known.</summary>
    public static readonly IReadOnlyList<SecretShape> All =
    [
        new("sk-", "api-key", WordHyphen, 20),
        new("sk_live_", "api-key", WordLine, 16),
        new("rk_live_", "api-key", WordLine, 16),
        new("gsk_", "api-key", Word, 32),
        new("xai-", "api-key", WordHyphen, 32),
        new("hf_", "api-key", Word, 30),
        new("ghp_", "github-token", Word, 36),
        new("gho_", "github-token", Word, 36),
        new("ghu_", "github-token", Word, 36),
        new("ghs_", "github-token", Dotted, 36),
        new("ghr_", "github-token", Word, 36),
        new("github_pat_", "github-token", WordLine, 22),
        new("glpat-", "gitlab-token", WordHyphen, 20),
        new("npm_", "npm-token", Word, 36),
        new("pypi-", "pypi-token", WordHyphen, 50),
        new("xoxb-", "slack-token", WordHyphen, 10),
        new("xoxp-", "slack-token", WordHyphen, 10),
        new("xoxa-", "slack-token", WordHyphen, 10),
        new("xoxr-", "slack-token", WordHyphen, 10),
        new("xoxs-", "slack-token", WordHyphen, 10),
        new("xoxo-", "slack-token", WordHyphen, 10),
        new("xapp-", "slack-token", WordHyphen, 10),
        new("AKIA", "aws-key", Upper, 16, 16),
        new("ASIA", "aws-key", Upper, 16, 16),
        new("AIza", "google-key", WordHyphen, 35),
        new("ya29.", "google-token", WordHyphen, 20),
        new("eyJ", "jwt", Dotted, 20) { Dots = 2, KeyNeedsDigit = false },
        new("Bearer ", "bearer", HeaderValue, 16) { KeepsPrefix = true },
        new("bearer ", "bearer", HeaderValue, 16) { KeepsPrefix = true },
        new("BEARER ", "bearer", HeaderValue, 16) { KeepsPrefix = true },
    ];

    /// <summary>Whether the prefix stays, because it is no part of the credential.</summary>
    public bool KeepsPrefix { get; init; }

    /// <summary>How many dots have to be in it.</summary>
    public int Dots { get; init; }

    /// <summary>Whether a digit has to come early.</summary>
    public bool KeyNeedsDigit { get; init; } = true;

    /// <summary>Looks at what stands behind the prefix.</summary>
    /// <returns>How much of it belongs to the credential, 0 when it is none; and whether it reaches the end of the text, so that more may belong to it.</returns>
    public (int Length, bool AtEnd) Measure(ReadOnlySpan<char> text)
    {
        var early = text[..Math.Min(text.Length, Early)];
        var length = early.IndexOfAnyExcept(Body);
        if (length >= 0 && length < Least)
        {
            return (0, false);
        }

        if (KeyNeedsDigit && (length < 0 ? early : early[..length]).IndexOfAny(DigitValues) < 0)
        {
            return (0, length < 0 && text.Length < Early);
        }

        if (Dots > 0 && text[..Math.Min(text.Length, LongestPart)].IndexOf('.') < 0)
        {
            return (0, length < 0 && text.Length < LongestPart);
        }

        length = length >= 0 ? length : text.IndexOfAnyExcept(Body);
        var atEnd = length < 0;
        length = atEnd ? text.Length : length;
        return length < Least || length > Most || text[..length].Count('.') < Dots ? (0, atEnd) : (length, atEnd);
    }
}
