using System.Text.RegularExpressions;

namespace LoopOrchestrator.Core.Secrets;

/// <summary>
/// Values that a variable named like a credential may have and that are none: words, names of products, and placeholders for programs that
/// ask for a key where none is needed. Taken out, they would tear holes into ordinary text, and tell its readers what the value is.
/// </summary>
internal static partial class Wordlike
{
    private const int MinPhraseLength = 16;
    private const int MinPasswordLength = 12;

    // Default passwords and placeholders that are longer than a word.
    private static readonly string[] Names =
    [
        "elasticsearch",
        "not-applicable",
        "no-key-required",
        "none-required",
        "unauthenticated",
        "docker-compose",
        "github-actions",
    ];

    // Words with or without a few digits behind: postgres, lm-studio, Disabled, password1, postgres_2024.
    [GeneratedRegex(
        "^(?:[A-Z]?[a-z]+|[A-Z]+)(?:[-_. ](?:[A-Z]?[a-z]+|[A-Z]+))*[-_. ]?[0-9]{0,4}$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Words { get; }

    [GeneratedRegex("^[a-z_-]+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Phrase { get; }

    /// <summary>Whether a value is no credential by the name of its variable alone.</summary>
    public static bool Is(string value) =>
        (value.Length < MinPasswordLength && Words.IsMatch(value)) || Names.Contains(value, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a value that a configuration gives to an agent is a placeholder; more is, since it stands in a file.</summary>
    public static bool IsPlaceholder(string value) => Is(value) || (value.Length < MinPhraseLength && Phrase.IsMatch(value));
}
