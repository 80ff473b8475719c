using System.Collections;
using System.Text;
using LoopOrchestrator.Core.Secrets;

namespace LoopOrchestrator.Core.Commits.Credentials;

/// <summary>
/// Looks for credentials in the content of files: whatever <see cref="Redactor"/> takes out of texts, and values that are assigned to a
/// name
/// of a credential and look made by a machine. Placeholders are none. Immutable; safe for many threads.
/// </summary>
internal sealed class CredentialScan(Redactor redactor)
{
    private const string Mark = "[redacted:";
    private const string Password = "password";

    // The value of a variable counts where it is nobody's word: names of services are values of such variables, too.
    private const int MinValueLength = 12;

    private static readonly string[] Placeholders =
    [
        "password",
        "passwd",
        "pass",
        "pwd",
        "pw",
        "secret",
        "token",
        "user",
        "username",
        "root",
        "admin",
        "postgres",
        "guest",
        "test",
        "example",
        "changeme",
        "change-me",
        "your-password",
        "yourpassword",
        "my-password",
        "mypassword",
        "redacted",
        "none",
        "null",
    ];

    private static readonly Lazy<CredentialScan> OfThisProcess = new(static () =>
        new CredentialScan(
            new Redactor(
                from DictionaryEntry variable in Environment.GetEnvironmentVariables()
                let value = (string?)variable.Value ?? ""
                where value.Length >= MinValueLength && value.Any(char.IsAsciiDigit) && value.Any(char.IsAsciiLetter)
                select KeyValuePair.Create((string)variable.Key, value)
            )
        )
    );

    /// <summary>One that knows the credentials in this process's own environment.</summary>
    public static CredentialScan Process => OfThisProcess.Value;

    /// <summary>The first thing that looks like a credential and does not stand in the same line of <paramref name="before"/>.</summary>
    /// <param name="content">The content, of a text in UTF-8 or UTF-16 or anything else.</param>
    /// <param name="before">Gives the content that is committed already; asked only when there is something to compare.</param>
    public async Task<CredentialFinding?> FindAsync(byte[] content, Func<Task<byte[]>>? before = null)
    {
        HashSet<string>? known = null;
        var number = 0;
        foreach (var line in Lines(content))
        {
            number++;
            if (PatternOf(line) is not { } pattern)
            {
                continue;
            }

            known ??= before is null ? [] : Lines(await before()).ToHashSet(StringComparer.Ordinal);
            if (!known.Contains(line))
            {
                return new CredentialFinding(number, pattern);
            }
        }

        return null;
    }

    private static IEnumerable<string> Lines(byte[] content)
    {
        using var reader = new StreamReader(new MemoryStream(content), Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private string? PatternOf(string line)
    {
        var rest = line;
        while (redactor.Redact(rest) is var clean && clean != rest)
        {
            var at = rest.AsSpan().CommonPrefixLength(clean);
            var kind = KindAt(clean, at);
            if (kind != Password || PasswordAt(rest, at) is not { } value || !IsPlaceholder(value, rest[..at]))
            {
                return kind;
            }

            rest = rest[(at + value.Length)..];
        }

        return CredentialAssignment.Holds(line) ? "assigned-value" : null;
    }

    // What was taken out may begin like its mark.
    private static string KindAt(string clean, int at)
    {
        var start = clean.LastIndexOf(Mark, Math.Min(at + Mark.Length, clean.Length) - 1, StringComparison.Ordinal);
        var end = start < 0 ? -1 : clean.IndexOf(']', start);
        return end < 0 ? "credential" : clean[(start + Mark.Length)..end];
    }

    private static string? PasswordAt(string text, int at) => text.IndexOf('@', at) is var end and >= 0 ? text[at..end] : null;

    private static bool IsPlaceholder(string value, string before)
    {
        var user = before.Length > 1 && before[^1] == ':' ? before[..^1] : before;
        return value.Length < 4
            || value.All(static letter => letter is '*' or 'x' or 'X' or '.')
            || value[0] is '<' or '{'
            || Placeholders.Contains(value, StringComparer.OrdinalIgnoreCase)
            || user.EndsWith("/" + value, StringComparison.OrdinalIgnoreCase);
    }
}
