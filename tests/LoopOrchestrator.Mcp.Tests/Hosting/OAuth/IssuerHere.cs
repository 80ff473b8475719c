using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LoopOrchestrator.Mcp.Tests.Hosting.OAuth;

/// <summary>
/// An authorization server on a free port, as far as one looks at it who checks its tokens. It signs by itself, without a library.
/// </summary>
public sealed class IssuerHere : IAsyncLifetime
{
    /// <summary>Whom its tokens are for where a test says nothing else.</summary>
    public const string Audience = "https://loop.example.org/mcp";

    public const string FirstKey = "first";
    public const string RsaKey = "rsa";

    private readonly WebApplication _app = Create();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, AsymmetricAlgorithm> _keys = new(StringComparer.Ordinal);
    private readonly HashSet<string> _published = new(StringComparer.Ordinal);
    private int _keyFetches;

    /// <summary>What it calls itself.</summary>
    public string Issuer { get; private set; } = "";

    /// <summary>What is answered for the keys in the place of them.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    /// <summary>How many blanks follow its keys.</summary>
    public int Padding { get; set; }

    /// <summary>What its metadata says of who it is, where that is not so.</summary>
    public string? WrongName { get; set; }

    /// <summary>How often its keys were asked for.</summary>
    public int KeyFetches => Volatile.Read(ref _keyFetches);

    public async ValueTask InitializeAsync()
    {
        _app.Run(AnswerAsync);
        await _app.StartAsync(CancellationToken.None);
        Issuer = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/realm";
        Publish(FirstKey);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        foreach (var key in _keys.Values)
        {
            key.Dispose();
        }
    }

    /// <summary>Begins to sign with a key, which everybody can see from now on.</summary>
    public void Publish(string id)
    {
        lock (_gate)
        {
            Key(id);
            _published.Add(id);
        }
    }

    /// <summary>Takes a key back.</summary>
    public void Withdraw(string id)
    {
        lock (_gate)
        {
            _published.Remove(id);
        }
    }

    /// <summary>A token as it gives them, changed as a test wants it.</summary>
    public string Token(
        Action<JsonObject>? claims = null,
        string key = FirstKey,
        Action<JsonObject>? header = null,
        DateTimeOffset? now = null
    )
    {
        var at = (now ?? DateTimeOffset.UtcNow).ToUnixTimeSeconds();
        var payload = new JsonObject
        {
            ["iss"] = Issuer,
            ["sub"] = "ann",
            ["aud"] = Audience,
            ["scope"] = "loop:read loop:run",
            ["iat"] = at,
            ["nbf"] = at,
            ["exp"] = at + 300,
        };
        claims?.Invoke(payload);
        var head = new JsonObject
        {
            ["typ"] = "at+jwt",
            ["alg"] = Key(key) is RSA ? "RS256" : "ES256",
            ["kid"] = key,
        };
        header?.Invoke(head);
        var text = $"{Encoded(head)}.{Encoded(payload)}";
        return $"{text}.{Base64Url.EncodeToString(Sign(Encoding.ASCII.GetBytes(text), head["alg"]?.ToString(), key))}";
    }

    /// <summary>The public part of a key, as it is published.</summary>
    public byte[] PublicKey(string id) => Key(id).ExportSubjectPublicKeyInfo();

    private byte[] Sign(byte[] text, string? algorithm, string id) =>
        algorithm switch
        {
            "none" => [],
            "HS256" => HMACSHA256.HashData(Encoding.ASCII.GetBytes(Pem(id)), text),
            _ => Key(id) switch
            {
                RSA rsa => rsa.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
                ECDsa ec => ec.SignData(text, HashAlgorithmName.SHA256),
                _ => throw new InvalidOperationException("There is no third kind."),
            },
        };

    // What a careless server takes for the shared secret.
    private string Pem(string id) => new(PemEncoding.Write("PUBLIC KEY", PublicKey(id)));

    private AsymmetricAlgorithm Key(string id)
    {
        lock (_gate)
        {
            if (!_keys.TryGetValue(id, out var key))
            {
                key = id == RsaKey ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
                _keys.Add(id, key);
            }

            return key;
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path == "/realm/.well-known/openid-configuration")
        {
            await WriteAsync(context, new JsonObject { ["issuer"] = WrongName ?? Issuer, ["jwks_uri"] = $"{Issuer}/keys" });
        }
        else if (context.Request.Path == "/realm/keys")
        {
            Interlocked.Increment(ref _keyFetches);
            if (Instead is { } instead)
            {
                await instead(context);
                return;
            }

            await WriteAsync(context, Published(), Padding);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    private JsonObject Published()
    {
        lock (_gate)
        {
            return new JsonObject { ["keys"] = new JsonArray([.. _published.Select(Web)]) };
        }
    }

    private JsonObject Web(string id)
    {
        var web = new JsonObject { ["kid"] = id, ["use"] = "sig" };
        if (_keys[id] is RSA rsa)
        {
            var numbers = rsa.ExportParameters(includePrivateParameters: false);
            (web["kty"], web["n"], web["e"]) = (
                "RSA",
                Base64Url.EncodeToString(numbers.Modulus),
                Base64Url.EncodeToString(numbers.Exponent)
            );
        }
        else
        {
            var point = ((ECDsa)_keys[id]).ExportParameters(includePrivateParameters: false).Q;
            (web["kty"], web["crv"]) = ("EC", "P-256");
            (web["x"], web["y"]) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        }

        return web;
    }

    private static Task WriteAsync(HttpContext context, JsonObject content, int padding = 0)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(content.ToJsonString() + new string(' ', padding));
    }

    private static string Encoded(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));

    private static WebApplication Create()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        return builder.Build();
    }
}
