using System.Text.Json.Nodes;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Mcp.Hosting.OAuth;

/// <summary>
/// This server as a resource that an authorization server protects (RFC 9728): where clients find that out, how they are told what to come
/// with, and the judgement of what they come with. Only a server with an issuer has one, so nothing of it is loaded by the others.
/// </summary>
internal sealed class IssuerAccess : IDisposable
{
    private const string MetadataPath = "/.well-known/oauth-protected-resource";

    private readonly OAuthSettings _settings;
    private readonly IssuerDocuments _documents;
    private readonly IssuerTokens _tokens;
    private readonly TimeProvider _time;

    public IssuerAccess(OAuthSettings settings, TimeProvider time, ILogger logger)
    {
        _time = time;
        _settings = settings;
        _documents = new IssuerDocuments(settings, time);
        _tokens = new IssuerTokens(settings, new IssuerKeys(_documents.FetchKeysAsync, time, logger), time);
    }

    /// <summary>Who issues the tokens.</summary>
    public string Issuer => _settings.Issuer;

    /// <summary>Judges what a client has shown; <see langword="null"/> where it is no token that an issuer may have issued.</summary>
    public async Task<TokenVerdict?> JudgeAsync(string word, CancellationToken cancellationToken) =>
        IssuerTokens.IsMeant(word) ? await _tokens.JudgeAsync(word, cancellationToken) : null;

    /// <summary>
    /// Whether what was opened with a token may stay open: until that expires. An issuer tells nobody what it takes back.
    /// Nothing is added to that moment, which may be the last that there is.
    /// </summary>
    public bool MayStay(AccessGrant grant) => grant.Expires is not { } end || end > _time.GetUtcNow() - IssuerTokens.ClockSkew;

    /// <summary>
    /// Whether a request asks where tokens are to be had: at the plain address, at the one for <c>/mcp</c>, or at the one for the path that
    /// this server has for its clients, which a proxy may have given it.
    /// </summary>
    public bool IsMetadata(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && request.Path.StartsWithSegments(MetadataPath, StringComparison.Ordinal, out var rest)
        && (rest.Value is "" or McpRoute.Path || (_settings.Resource is { } resource && rest == PathOf(resource)));

    /// <summary>Answers it. Everybody may know.</summary>
    public Task AnswerMetadataAsync(HttpContext context)
    {
        var document = new JsonObject
        {
            ["resource"] = Resource(context.Request).OriginalString,
            ["authorization_servers"] = new JsonArray(_settings.Issuer),
            ["scopes_supported"] = new JsonArray([.. _settings.Scopes.Select(static one => JsonValue.Create(one))]),
            ["bearer_methods_supported"] = new JsonArray("header"),
            ["resource_name"] = Product.Title,
        };
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(document.ToJsonString(), context.RequestAborted);
    }

    /// <summary>The challenge of a refusal (RFC 6750, RFC 9728): where tokens are to be had, and with which scope.</summary>
    /// <param name="request">The request that is refused.</param>
    /// <param name="error">RFC 6750's word; <see langword="null"/> where no token was shown.</param>
    /// <param name="reason">Why, for a person.</param>
    /// <param name="scope">What the token should have; it includes what is less.</param>
    public string Challenge(HttpRequest request, string? error, string reason, AccessScope scope)
    {
        var parts = new List<string> { $"realm=\"{Product.Name}\"" };
        if (error is not null)
        {
            parts.Add($"error=\"{error}\"");
            parts.Add($"error_description=\"{Quoted(reason)}\"");
        }

        var words = string.Join(' ', _settings.Scopes.Take((int)scope + 1));
        parts.Add($"scope=\"{words}\"");
        parts.Add($"resource_metadata=\"{Quoted(MetadataAddress(request).AbsoluteUri)}\"");
        return $"Bearer {string.Join(", ", parts)}";
    }

    public void Dispose() => _documents.Dispose();

    // As the user named it; else as the request did, whose name was looked at before.
    private Uri Resource(HttpRequest request) =>
        _settings.Resource ?? new Uri($"{request.Scheme}://{request.Host.ToUriComponent()}{McpRoute.Path}");

    private Uri MetadataAddress(HttpRequest request)
    {
        var resource = Resource(request);
        return new Uri(resource, MetadataPath + resource.AbsolutePath.TrimEnd('/'));
    }

    private static PathString PathOf(Uri resource) => PathString.FromUriComponent(resource.AbsolutePath.TrimEnd('/'));

    private static string Quoted(string text) =>
        string.Concat(text.Select(static character => character is >= ' ' and <= '~' and not ('"' or '\\') ? character : '\''));
}
