using System.Buffers;
using System.Collections;
using System.Text;
using System.Text.Encodings.Web;

namespace LoopOrchestrator.Core.Secrets;

/// <summary>
/// Takes out of texts what looks like a credential, and puts <c>[redacted:kind]</c> in its place: tokens of known shape, what follows
/// <c>Bearer</c>, passwords in addresses, private keys, and the values of given variables. Work grows with the length of the text only.
/// Immutable; safe for many threads.
/// </summary>
internal sealed class Redactor
{
    /// <summary>What begins a private key, or something public of the same form.</summary>
    public const string KeyBegin = "-----BEGIN ";

    /// <summary>What stands before the name and password of an address.</summary>
    public const string AddressBegin = "://";

    // A shorter value is a word that occurs by itself; longer ones begin with the same characters anyway.
    private const int MinValueLength = 8;
    private const int MinTokenLength = 16;
    private const int MaxValueLength = 4096;
    private const int MaxValues = 64;

    // For a text of this length trying each needle costs less than making the search for all of them.
    private const int ShortText = 256;

    private readonly string[] _needles;
    private readonly Lazy<SearchValues<string>> _search;

    /// <param name="variables">
    /// An environment; the values of variables that are named like credentials are taken out wherever they occur.
    /// </param>
    public Redactor(IEnumerable<KeyValuePair<string, string>> variables)
    {
        // As bytes of UTF-8, each in one character: so output is searched as it comes.
        Values =
        [
            .. variables
                .Where(static variable =>
                    CredentialNames.IsCredential(variable.Key)
                    && variable.Value.Length >= MinValueLength
                    && !Wordlike.Is(variable.Key, variable.Value)
                    && !IsPath(variable.Value)
                )
                .SelectMany(static variable =>
                    Forms(variable.Value)
                        .Select(form =>
                            (
                                Text: Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(form[..Math.Min(form.Length, MaxValueLength)])),
                                Name: variable.Key,
                                IsToken: form.Length < MinTokenLength && form.All(char.IsAsciiLetterOrDigit)
                            )
                        )
                )
                .OrderByDescending(static value => value.Text.Length)
                .DistinctBy(static value => value.Text, StringComparer.Ordinal)
                .Take(MaxValues),
        ];
        _needles =
        [
            KeyBegin,
            AddressBegin,
            .. SecretShapes.All.Select(static shape => shape.Prefix),
            .. Values.Select(static value => value.Text),
        ];
        _search = new Lazy<SearchValues<string>>(() => SearchValues.Create(_needles, StringComparison.Ordinal));
    }

    /// <summary>One that knows the credentials in this process's own environment, and some that are in that of what it starts.</summary>
    /// <param name="others">
    /// The variables of what it starts. A program that asks for a key where none is needed is given a word, which is no credential.
    /// </param>
    public static Redactor OfProcess(IEnumerable<KeyValuePair<string, string>> others) =>
        new(
            others
                .Where(static variable => !Wordlike.IsPlaceholder(variable.Value))
                .Concat(
                    from DictionaryEntry variable in Environment.GetEnvironmentVariables()
                    select KeyValuePair.Create((string)variable.Key, (string?)variable.Value ?? "")
                )
        );

    /// <summary>
    /// The values to take out with the names of their variables, longest first; and whether one counts only where it is no part of a
    /// longer word, because it could be one itself.
    /// </summary>
    public IReadOnlyList<(string Text, string Name, bool IsToken)> Values { get; }

    /// <summary>Everything that a credential can begin with.</summary>
    public SearchValues<string> Needles => _search.Value;

    /// <summary>The text without credentials; the same object when there is none in it.</summary>
    public string Redact(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!MightHold(text))
        {
            return text;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        var clean = new ArrayBufferWriter<byte>(bytes.Length);
        var stream = new RedactionStream(this, clean.Write);
        stream.Write(bytes);
        stream.Complete();
        return clean.WrittenSpan.SequenceEqual(bytes) ? text : Encoding.UTF8.GetString(clean.WrittenSpan);
    }

    // Keys in base64 can begin like a path, but not with a folder that is there.
    private static bool IsPath(string value) =>
        Path.IsPathFullyQualified(value)
        && (
            value.StartsWith(@"\\", StringComparison.Ordinal)
            || Path.HasExtension(value)
            || Path.Exists(value.IndexOfAny(['/', '\\'], 1) is var end && end > 0 ? value[..(end + 1)] : value)
        );

    // As it is, and as it stands inside JSON, which is how agents print what they read.
    private static IEnumerable<string> Forms(string value) => [value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value)];

    /// <summary>How many characters at the end of a text could be the beginning of something to look for.</summary>
    public int PartialLength(ReadOnlySpan<char> text)
    {
        var longest = 0;
        foreach (var needle in _needles)
        {
            var tail = text[^Math.Min(text.Length, needle.Length - 1)..];
            while (tail.Length > longest && tail.IndexOf(needle[0]) is var at && at >= 0)
            {
                tail = tail[at..];
                if (needle.AsSpan().StartsWith(tail))
                {
                    longest = Math.Max(longest, tail.Length);
                    break;
                }

                tail = tail[1..];
            }
        }

        return longest;
    }

    // Values with characters beyond ASCII are compared as bytes only.
    private bool MightHold(string text) =>
        !Ascii.IsValid(text)
        || (
            _search.IsValueCreated || text.Length > ShortText
                ? text.AsSpan().IndexOfAny(Needles) >= 0
                : Array.Exists(_needles, needle => text.Contains(needle, StringComparison.Ordinal))
        );
}
