using System.Text;
using System.Text.Json;
using LoopOrchestrator.Mcp.Configuration;
using Microsoft.IdentityModel.Tokens;

namespace LoopOrchestrator.Mcp.Hosting.OAuth;

/// <summary>
/// Fetches the keys with which an issuer signs. What comes is bounded in time and size, and from the address that was asked only: whoever
/// can lead a fetch elsewhere would let themselves in.
/// </summary>
/// <param name="settings">The issuer.</param>
/// <param name="time">The clock.</param>
internal sealed class IssuerDocuments(OAuthSettings settings, TimeProvider time) : IDisposable
{
    /// <summary>For how long all of one fetch may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>The most bytes of a document; a set of a hundred keys has less.</summary>
    public const int MaxBytes = 256 * 1024;

    private readonly HttpClient _client = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            MaxResponseHeadersLength = 32,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>The keys as they are now.</summary>
    /// <exception cref="IssuerException">They cannot be had; its message says what is wrong, and with which address.</exception>
    public async Task<IReadOnlyList<SecurityKey>> FetchKeysAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var address = settings.KeysAddress ?? await FindKeysAddressAsync(both.Token);
        var text = await GetAsync(address, both.Token);
        try
        {
            return [.. new JsonWebKeySet(text).GetSigningKeys().Where(static key => key is not SymmetricSecurityKey)];
        }
        catch (Exception exception) when (exception is ArgumentException or JsonException or SecurityTokenException)
        {
            throw new IssuerException($"{address} holds no set of keys (JWKS)");
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<Uri> FindKeysAddressAsync(CancellationToken cancellationToken)
    {
        IssuerException? first = null;
        foreach (var address in MetadataAddresses(new Uri(settings.Issuer)))
        {
            try
            {
                return ReadKeysAddress(address, await GetAsync(address, cancellationToken));
            }
            catch (IssuerException exception)
            {
                first ??= exception;
            }
        }

        throw first!;
    }

    // OpenID Connect puts its name behind the issuer's path, RFC 8414 between host and path.
    private static IEnumerable<Uri> MetadataAddresses(Uri issuer)
    {
        var path = issuer.AbsolutePath.TrimEnd('/');
        yield return new Uri(issuer, $"{path}/.well-known/openid-configuration");
        yield return new Uri(issuer, $"/.well-known/oauth-authorization-server{path}");
    }

    private Uri ReadKeysAddress(Uri source, string text)
    {
        string? issuer = null;
        string? keys = null;
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement is { ValueKind: JsonValueKind.Object } root)
            {
                issuer = Text(root, "issuer");
                keys = Text(root, "jwks_uri");
            }
        }
        catch (JsonException)
        {
            throw new IssuerException($"{source} holds no JSON");
        }

        // As RFC 8414 has it: a document that speaks for somebody else is somebody else's.
        if (issuer != settings.Issuer)
        {
            throw new IssuerException($"{source} speaks for another issuer ('{SafeText.Escape(Cut(issuer ?? ""))}')");
        }

        return OAuthSettings.RefuseAddress(keys ?? "", out var address) is { } refusal
            ? throw new IssuerException($"jwks_uri of {source}: {SafeText.Escape(Cut(refusal))}")
            : address!;
    }

    private async Task<string> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Accept.ParseAdd("application/json");
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if ((int)response.StatusCode != 200)
            {
                throw new IssuerException($"{address} answered {(int)response.StatusCode}");
            }

            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            var content = new byte[MaxBytes + 1];
            var length = await body.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken);
            return length <= MaxBytes
                ? Encoding.UTF8.GetString(content, 0, length)
                : throw new IssuerException($"{address} answered more than {MaxBytes} bytes");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new IssuerException($"{address} cannot be reached: {exception.Message}");
        }
        catch (OperationCanceledException)
        {
            throw new IssuerException($"{address} did not answer within {Limit.TotalSeconds:0} s");
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Cut(string text) => text.Length <= 200 ? text : text[..200] + "…";
}
