using System.Text.Json;
using System.Text.RegularExpressions;

namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>The content of <c>tokens.json</c>.</summary>
/// <param name="Version">Of the form; this program knows <see cref="Current"/>.</param>
/// <param name="Tokens">Each with a name of its own.</param>
internal sealed partial record TokenList(int Version, IReadOnlyList<TokenEntry> Tokens)
{
    /// <summary>The form that is written.</summary>
    public const int Current = 1;

    private const int HashLength = 64;

    /// <summary>A list without tokens: it lets nobody in.</summary>
    public static TokenList Empty { get; } = new(Current, []);

    /// <summary>Whether a token may be called so.</summary>
    public static bool IsName(string name) => NamePattern().IsMatch(name);

    /// <summary>Reads the file, whole or not at all: a token that cannot be read may be one that somebody meant to take away.</summary>
    /// <param name="content">The file.</param>
    /// <param name="problem">Why it cannot be used, as the end of a sentence.</param>
    public static TokenList? Read(ReadOnlySpan<byte> content, out string? problem)
    {
        TokenList? list;
        try
        {
            list = JsonSerializer.Deserialize(content, TokenListJson.Default.TokenList);
        }
        catch (JsonException exception)
        {
            problem = $"is no list of tokens (line {exception.LineNumber + 1}); its JSON, or a value at {exception.Path ?? "$"}, is wrong";
            return null;
        }

        if (list is not { Version: Current })
        {
            problem = $"has version {list?.Version.ToString() ?? "none"}, and this program knows {Current}";
            return null;
        }

        problem = list.Tokens is null ? "has no 'tokens'" : list.FindProblem();
        return problem is null ? list : null;
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, TokenListJson.Default.TokenList);

    private string? FindProblem()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var token in Tokens)
        {
            if (token?.Name is not { } name || !IsName(name))
            {
                return "has a token without a name of letters, digits, '.', '_' and '-'";
            }

            var what =
                !names.Add(name) ? "is there twice"
                : AccessScopes.Parse(token.Scope) is null ? $"has no scope of {string.Join(", ", AccessScopes.Names)}"
                : token.Sha256 is not { Length: HashLength } hash || !hash.All(char.IsAsciiHexDigit)
                    ? $"has no 'sha256' of {HashLength} hexadecimal digits"
                : null;
            if (what is not null)
            {
                return $"has the token '{name}', which {what}";
            }
        }

        return null;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,39}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern();
}
