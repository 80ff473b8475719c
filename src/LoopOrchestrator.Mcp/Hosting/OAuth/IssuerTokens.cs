using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LoopOrchestrator.Mcp.Configuration;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace LoopOrchestrator.Mcp.Hosting.OAuth;

/// <summary>
/// Judges access tokens of an issuer (JWT, RFC 9068): whose signature they have, whom they are from and for, whether they count now, and
/// what they let their subject do. Signature and claims are looked at by the library that ASP.NET Core has for it.
/// </summary>
/// <param name="settings">The issuer.</param>
/// <param name="keys">Its keys.</param>
/// <param name="time">The clock.</param>
internal sealed class IssuerTokens(OAuthSettings settings, IssuerKeys keys, TimeProvider time)
{
    /// <summary>The longest token; one with many groups has some thousand.</summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>By how much the clocks of issuer and server may differ.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    private const int MaxSubjectLength = 255;
    private const int MaxShownSubject = 64;
    private const int IdLength = 16;

    // Signatures with a private key only: with a shared secret (HS256) the public key would be one, and "none" is none.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256,
        SecurityAlgorithms.RsaSha384,
        SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256,
        SecurityAlgorithms.RsaSsaPssSha384,
        SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256,
        SecurityAlgorithms.EcdsaSha384,
        SecurityAlgorithms.EcdsaSha512,
    ];

    // Its claims are read by ourselves; nothing is renamed or cached.
    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = MaxLength };
    private readonly CryptoProviderFactory _signatures = new() { CacheSignatureProviders = false };

    /// <summary>
    /// Whether a word may be such a token at all: three parts. How the first begins says nothing: JSON may begin with blanks.
    /// </summary>
    public static bool IsMeant(string word) => word.AsSpan().Count('.') == 2;

    /// <summary>Judges a token.</summary>
    public async Task<TokenVerdict> JudgeAsync(string word, CancellationToken cancellationToken)
    {
        if (word.Length > MaxLength)
        {
            return TokenVerdict.Refuse($"The access token is longer than {MaxLength} characters.");
        }

        if (Read(word) is not { } token)
        {
            return TokenVerdict.Refuse("The access token cannot be read: it is no JWT.");
        }

        if (!Algorithms.Contains(token.Alg, StringComparer.Ordinal))
        {
            return TokenVerdict.Refuse("The access token is signed in a way that does not count; RS256 and ES256 do, and their kin.");
        }

        // Before its key is looked for, so that nobody has keys fetched with tokens of somebody else.
        if (token.Issuer != settings.Issuer)
        {
            return TokenVerdict.Refuse($"The access token is not from {settings.Issuer}.");
        }

        var found = await keys.FindAsync(token.Kid is { Length: > 0 } id ? id : null, cancellationToken);
        if (found.Keys is not { } candidates)
        {
            return TokenVerdict.Unknown(
                $"The keys of {settings.Issuer} cannot be fetched, so nobody knows whether this access token is good. Try again later.",
                found.Again ?? IssuerKeys.PauseAfterFailure
            );
        }

        if (candidates.Count == 0)
        {
            if (found.Again is { } again)
            {
                return TokenVerdict.Unknown(
                    $"The access token is signed with a key that {settings.Issuer} did not have when its keys were fetched last. "
                        + $"Try again in {Math.Ceiling(again.TotalSeconds):0} s, when they are fetched anew.",
                    again
                );
            }

            return TokenVerdict.Refuse($"The access token is signed with a key that {settings.Issuer} does not have.");
        }

        var result = await _handler.ValidateTokenAsync(word, Parameters(candidates));
        return result is { IsValid: true, SecurityToken: JsonWebToken good }
            ? Grant(good)
            : TokenVerdict.Refuse(Reason(result.Exception, token));
    }

    private TokenValidationParameters Parameters(IReadOnlyList<SecurityKey> candidates) =>
        new()
        {
            ValidAlgorithms = Algorithms,
            RequireSignedTokens = true,
            IssuerSigningKeys = candidates,
            TryAllIssuerSigningKeys = true,
            CryptoProviderFactory = _signatures,
            ValidIssuer = settings.Issuer,
            ValidAudiences = settings.Audiences,
            IgnoreTrailingSlashWhenValidatingAudience = false,
            RequireExpirationTime = true,
            ClockSkew = ClockSkew,
            LifetimeValidator = (from, to, _, _) => to is not null && Lifetime(from, to) is null,
            LogValidationExceptions = false,
        };

    /// <summary>What is wrong with the time of a token.</summary>
    private string? Lifetime(DateTime? from, DateTime? to)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return to is null || to.Value == DateTime.MinValue ? "The access token does not say when it expires."
            : to.Value <= now - ClockSkew ? "The access token has expired."
            : from > now + ClockSkew ? "The access token does not count yet."
            : null;
    }

    private TokenVerdict Grant(JsonWebToken token)
    {
        if (token.Subject is not { Length: > 0 and <= MaxSubjectLength } subject)
        {
            return TokenVerdict.Refuse("The access token does not say whose it is ('sub').");
        }

        var given = Scopes(token);
        var scope = Enum.GetValues<AccessScope>()
            .Cast<AccessScope?>()
            .LastOrDefault(one => given.Contains(settings.Scopes[(int)one!.Value]));
        if (scope is null)
        {
            return TokenVerdict.TooLittle(
                $"The access token lets its holder do nothing here. It needs one of the scopes {string.Join(", ", settings.Scopes)}."
            );
        }

        // Marked, so that nobody is taken for a token of our own by a name that they chose.
        var shown = SafeText.Escape(subject.Length <= MaxShownSubject ? subject : subject[..MaxShownSubject] + "…");
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{settings.Issuer}\n{subject}")))[..IdLength];
        return TokenVerdict.Accept(
            new AccessGrant($"oauth-{id}", $"oauth:{shown}", scope.Value, new DateTimeOffset(token.ValidTo, TimeSpan.Zero), settings.Scopes)
        );
    }

    // "scope" is RFC 9068's, a text with blanks between; "scp" is what others have, as such a text or as a list.
    private static HashSet<string> Scopes(JsonWebToken token)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        using var payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload));
        foreach (var name in (string[])["scope", "scp"])
        {
            if (!payload.RootElement.TryGetProperty(name, out var value))
            {
                continue;
            }

            if (value.ValueKind == JsonValueKind.String)
            {
                found.UnionWith(value.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
            else if (value.ValueKind == JsonValueKind.Array)
            {
                found.UnionWith(
                    value.EnumerateArray().Where(static one => one.ValueKind == JsonValueKind.String).Select(static one => one.GetString()!)
                );
            }
        }

        return found;
    }

    private string Reason(Exception? exception, JsonWebToken token) =>
        exception switch
        {
            SecurityTokenInvalidAudienceException =>
                $"The access token is not for this server: its 'aud' is none of {string.Join(", ", settings.Audiences)}.",
            SecurityTokenInvalidLifetimeException or SecurityTokenNoExpirationException or SecurityTokenExpiredException => Lifetime(
                token.ValidFrom,
                token.ValidTo
            ) ?? "The access token does not count now.",
            SecurityTokenInvalidIssuerException => $"The access token is not from {settings.Issuer}.",
            _ => $"The access token does not have the signature of {settings.Issuer}.",
        };

    private static JsonWebToken? Read(string word)
    {
        try
        {
            var token = new JsonWebToken(word);
            _ = (token.Alg, token.Kid, token.Issuer);
            return token;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Anybody may have written it, and the library says in many ways that it cannot be read.
            return null;
        }
    }
}
