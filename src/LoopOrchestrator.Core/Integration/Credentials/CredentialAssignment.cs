using System.Text.RegularExpressions;
using LoopOrchestrator.Core.Secrets;

namespace LoopOrchestrator.Core.Integration.Credentials;

/// <summary>Finds lines that give a name of a credential a value that looks made by a machine. Pure.</summary>
internal static partial class CredentialAssignment
{
    private const int LongestLine = 4000;
    private const int LeastDistinct = 10;
    private const int LeastDigits = 3;
    private const int LeastPiece = 16;

    private static readonly string[] Hints = ["token", "secret", "passw", "passphrase", "credential", "key", "_pat", "_auth"];

    // Keys that open nothing.
    private static readonly string[] Harmless = ["PUBLIC", "CACHE", "PRIMARY", "FOREIGN", "SORT", "PARTITION", "KEY_ID", "KEYID"];

    /// <summary>Whether a line holds such an assignment.</summary>
    public static bool Holds(string line)
    {
        if (line.Length > LongestLine || !Hints.Any(hint => line.Contains(hint, StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }

        try
        {
            return Assignment().Matches(line).Any(static match => IsCredentialName(match.Groups["name"].Value) && LooksRandom(match.Groups["value"].Value));
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
    private static bool LooksRandom(string value) =>
        value.Distinct().Count() >= LeastDistinct
        && value.Split('-', '_', '.', '/').Any(static piece => piece.Length >= LeastPiece && piece.Any(char.IsAsciiLetter) && piece.Count(char.IsAsciiDigit) >= LeastDigits);

    [GeneratedRegex("""(?<name>[A-Za-z_][\w.-]{0,63})["']?\s{0,3}(:=|=>|[:=])\s{0,3}["']?(?<value>[A-Za-z0-9+/=_.~-]{20,512})(?![\w(.])""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Assignment();
}
