using System.Security.Cryptography;
using System.Text;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Trust;

namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>Changes a list of tokens: the user's own, or one in another file.</summary>
/// <param name="file">The file, absolute.</param>
/// <param name="time">The clock.</param>
internal sealed class UserTokens(string file, TimeProvider time)
{
    /// <summary>What a token of ours begins with, so that programs which look for credentials know it.</summary>
    public const string Prefix = "loop_";

    private const int RandomBytes = 32;

    /// <summary>The user's own list. As soon as it is there, every HTTP server of the user asks for a token.</summary>
    public static string DefaultFile => Path.Combine(Path.GetDirectoryName(WorkspaceTrust.DefaultRecordFile)!, "tokens.json");

    /// <summary>The file.</summary>
    public string File => file;

    /// <summary>The tokens, in the order in which they were made.</summary>
    /// <exception cref="UserErrorException">The file cannot be read.</exception>
    public IReadOnlyList<TokenEntry> List()
    {
        try
        {
            return Parse(DurableFile.ReadOrNull(file, AccessTokens.MaximumFileLength)).Tokens;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{file} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Makes a token. It is returned here, and can be had nowhere afterwards.</summary>
    /// <exception cref="UserErrorException">The name is taken, or the file cannot be changed.</exception>
    public async Task<NewToken> CreateAsync(string name, AccessScope scope, DateTimeOffset? expires, CancellationToken cancellationToken)
    {
        var token =
            Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(RandomBytes)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        var entry = new TokenEntry(name, scope.Name(), hash, time.GetUtcNow(), expires);
        var isFirst = false;
        await ChangeAsync(
            (tokens, isNew) =>
            {
                isFirst = isNew;
                return tokens.Any(one => one.Name == name)
                    ? throw new UserErrorException(
                        $"There is a token '{name}' already. Take another name, or revoke it first: token revoke {name}"
                    )
                    : [.. tokens, entry];
            },
            cancellationToken
        );
        return new NewToken(token, entry, isFirst);
    }

    /// <summary>Takes a token away; servers let nobody in with it from their next request on.</summary>
    /// <exception cref="UserErrorException">There is none of that name, or the file cannot be changed.</exception>
    public Task RevokeAsync(string name, CancellationToken cancellationToken) =>
        ChangeAsync(
            (tokens, _) =>
                tokens.Any(one => one.Name == name)
                    ? [.. tokens.Where(one => one.Name != name)]
                    : throw new UserErrorException(
                        $"There is no token '{SafeText.Escape(name)}'. "
                            + (
                                tokens.Count == 0
                                    ? "There are none."
                                    : $"The tokens are: {string.Join(", ", tokens.Select(static one => one.Name))}."
                            )
                    ),
            cancellationToken
        );

    private async Task ChangeAsync(
        Func<IReadOnlyList<TokenEntry>, bool, IReadOnlyList<TokenEntry>> change,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await PrivateFile.ChangeAsync(
                file,
                AccessTokens.MaximumFileLength,
                content => (TokenList.Empty with { Tokens = change(Parse(content).Tokens, content is null) }).Write(),
                cancellationToken
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{file} cannot be changed: {exception.Message} Nothing was changed.", exception);
        }
    }

    private TokenList Parse(byte[]? content)
    {
        if (content is null)
        {
            return TokenList.Empty;
        }

        return AccessTokens.IsList(content)
            ? TokenList.Read(content, out var problem)
                ?? throw new UserErrorException($"{file} {problem}. Correct it there; nothing was changed.")
            : throw new UserErrorException(
                $"{file} holds one token as a word and no list, and is left as it is. Name another file (--token-file FILE)."
            );
    }
}
