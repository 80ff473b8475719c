using System.Text.RegularExpressions;
using LoopOrchestrator.Core.Secrets;

namespace LoopOrchestrator.Core.Commits.Credentials;

/// <summary>Finds lines that give a name of a credential a value that looks made by a machine. Pure.</summary>
internal static partial class CredentialAssignment
{
    private const int MaxLineLength = 4000;
    private const int MinDistinct = 10;
    private const int MinDigits = 3;
    private const int MinPiece = 16;

    private static readonly string[] Hints = ["token", "secret", "passw", "passphrase", "credential", "key", "_pat", "_auth"];

    // Keys that open nothing.
    private static readonly string[] Harmless = ["PUBLIC", "CACHE", "PRIMARY", "FOREIGN", "SORT", "PARTITION", "KEY_ID", "KEYID"];

    /// <summary>Whether a line holds such an assignment.</summary>
    public static bool Holds(string line)
    {
        if (line.Length > MaxLineLength || !Hints.Any(hint => line.Contains(hint, StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }

        try
        {
            return Assignment()
                .Matches(line)
                .Any(static match => IsCredentialName(match.Groups["name"].Value) && IsLikelyRandom(match.Groups["value"].Value));
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static bool IsCredentialName(string name)
    {
        var plain = name.Replace('-', '_').Replace('.', '_').Trim('_');
        return CredentialNames.IsCredential(plain)
            && plain.ToUpperInvariant() is not ("KEY" or "PAT" or "AUTH")
            && !Harmless.Any(part => plain.Contains(part, StringComparison.OrdinalIgnoreCase));
    }

    // Words joined by hyphens are long and have digits, too; a machine mixes both in one piece.
    private static bool IsLikelyRandom(string value) =>
        value.Distinct().Count() >= MinDistinct
        && value
            .Split('-', '_', '.', '/')
            .Any(static piece => piece.Length >= MinPiece && piece.Any(char.IsAsciiLetter) && piece.Count(char.IsAsciiDigit) >= MinDigits);

    [GeneratedRegex(
        """(?<name>[A-Za-z_][\w.-]{0,63})["']?\s{0,3}(:=|=>|[:=])\s{0,3}["']?(?<value>[A-Za-z0-9+/=_.~-]{20,512})(?![\w(.])""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Assignment();
}
