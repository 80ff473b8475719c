using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Configuration;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Hosting.Sessions;

/// <summary>
/// Lets sessions outlive their server. Many clients do not begin a new session when theirs is not known any more: what they wanted to
/// report is lost. So the id that a client is given says, signed, all that a session is begun with, and a server that does not know the
/// session (it was started since, or the session was idle) begins it again at its next request. Nothing is kept of a session for that.
/// A session that its client ended stays ended, and an id that we did not give is not found, as the protocol has it.
/// </summary>
/// <remarks>
/// An id is <c>ID.FLAGS.TIME.MAC</c>: the SDK's id of the session, the revision of the protocol and whether its client shows people forms,
/// when it began (seconds, hexadecimal), and what proves that we wrote it for whoever shows the token with which the session was begun.
/// </remarks>
/// <param name="key">What ids are signed with, read when the first is needed.</param>
/// <param name="time">The clock.</param>
#pragma warning disable MCP9006 // Obsolete with the sessions themselves, and the only way to begin one with an id that is there already.
internal sealed class SessionIds(Func<byte[]> key, TimeProvider time) : ISessionMigrationHandler
#pragma warning restore MCP9006
{
    /// <summary>For how long an id is known again.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <summary>Where the request says whether its session can be begun again.</summary>
    public const string CanBeginAgain = "session-can-begin-again";

    // Those that were ended last; an older one would be begun again, with nothing in it.
    private const int MaxEnded = 10_000;
    private const string SessionHeader = "Mcp-Session-Id";
    private const string MethodHeader = "Mcp-Method";
    private const char Separator = '.';
    private const char Asks = 'e';

    private readonly Lazy<byte[]> _key = new(key);
    private readonly Lock _gate = new();
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);
    private readonly Queue<string> _endedInOrder = new();

    /// <summary>Puts the SDK's id of the session into the request, and ours into the answer.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (!McpRoute.Leads(request))
        {
            await next(context);
            return;
        }

        var given = request.Headers[SessionHeader].ToString();
        if (given.Length > 0)
        {
            if (Read(given, context.User) is not { } session)
            {
                // Without our mark it is none of ours, also where it happens to be an id inside.
                request.Headers[SessionHeader] = given + Separator;
            }
            else
            {
                request.Headers[SessionHeader] = session.Id;
                context.Items[CanBeginAgain] = session;
            }
        }

        var flags = given.Length == 0 && BeginsSession(request) ? await ReadFlagsAsync(request) : string.Empty;
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            if (headers[SessionHeader].ToString() is { Length: > 0 } id)
            {
                headers[SessionHeader] = given.Length > 0 ? given : Write(id, flags, context.User);
            }

            return Task.CompletedTask;
        });
        await next(context);

        // Not where whoever asked for it was refused.
        if (
            HttpMethods.IsDelete(request.Method)
            && context.Items[CanBeginAgain] is Known ended
            && context.Response.StatusCode is >= 200 and < 300
        )
        {
            NoteEnd(ended.Id);
        }
    }

    /// <summary>
    /// Whether a request without a session begins one, as far as its headers tell: clients of the newest revision name the method there.
    /// </summary>
    public static bool BeginsSession(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && request.Headers[MethodHeader].ToString() is "" or RequestMethods.Initialize;

    /// <inheritdoc/>
    public ValueTask OnSessionInitializedAsync(
        HttpContext context,
        string sessionId,
        InitializeRequestParams initializeParams,
        CancellationToken cancellationToken
    ) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask<InitializeRequestParams?> AllowSessionMigrationAsync(
        HttpContext context,
        string sessionId,
        CancellationToken cancellationToken
    )
    {
        lock (_gate)
        {
            if (context.Items[CanBeginAgain] is not Known known || _ended.Contains(sessionId))
            {
                return ValueTask.FromResult<InitializeRequestParams?>(null);
            }

            return ValueTask.FromResult<InitializeRequestParams?>(
                new InitializeRequestParams
                {
                    ProtocolVersion = known.Revision,
                    Capabilities = new ClientCapabilities
                    {
                        Elicitation = known.Asks ? new ElicitationCapability { Form = new FormElicitationCapability() } : null,
                    },
                    ClientInfo = new Implementation { Name = "continued", Version = "1" },
                }
            );
        }
    }

    /// <summary>The id as a client is given it.</summary>
    /// <param name="id">The SDK's id.</param>
    /// <param name="flags">The revision, and whether the client asks people.</param>
    /// <param name="user">Who began the session; it is nobody else's.</param>
    internal string Write(string id, string flags, ClaimsPrincipal? user)
    {
        var seconds = time.GetUtcNow().ToUnixTimeSeconds().ToString("x", CultureInfo.InvariantCulture);
        var text = string.Join(Separator, id, flags, seconds);
        return $"{text}{Separator}{MacOf(text, user)}";
    }

    private Known? Read(string given, ClaimsPrincipal? user)
    {
        var parts = given.Split(Separator);
        if (
            parts is not [{ Length: > 0 } id, { Length: 1 or 2 } flags, var seconds, var mac]
            || !CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(MacOf(given[..^(mac.Length + 1)], user)),
                Encoding.ASCII.GetBytes(mac)
            )
            || !long.TryParse(seconds, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var began)
            || time.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(began) > Lifetime
        )
        {
            return null;
        }

        var revision = flags[0] - '0';
        return revision >= 0 && revision < Product.HandshakeRevisions.Length
            ? new Known(id, Product.HandshakeRevisions[revision], flags.EndsWith(Asks))
            : null;
    }

    private string MacOf(string text, ClaimsPrincipal? user) =>
        Convert.ToHexStringLower(
            HMACSHA256.HashData(_key.Value, Encoding.UTF8.GetBytes($"{text}\n{AccessGrant.Of(user)?.Id}")).AsSpan(0, 16)
        );

    private void NoteEnd(string id)
    {
        lock (_gate)
        {
            if (!_ended.Add(id))
            {
                return;
            }

            _endedInOrder.Enqueue(id);
            if (_endedInOrder.Count > MaxEnded)
            {
                _ended.Remove(_endedInOrder.Dequeue());
            }
        }
    }

    // What the SDK makes of the session's beginning, as it is written there.
    private static async Task<string> ReadFlagsAsync(HttpRequest request)
    {
        var revision = Product.HandshakeRevisions.Length - 1;
        var asks = false;
        if (request.Body.CanSeek)
        {
            try
            {
                using var message = await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
                if (
                    message.RootElement is { ValueKind: JsonValueKind.Object } root
                    && root.TryGetProperty("params", out var parameters)
                    && parameters.ValueKind == JsonValueKind.Object
                )
                {
                    revision =
                        parameters.TryGetProperty("protocolVersion", out var asked) && asked.ValueKind == JsonValueKind.String
                            ? IndexOf(asked.GetString()!, revision)
                            : revision;
                    asks =
                        parameters.TryGetProperty("capabilities", out var capabilities)
                        && capabilities.ValueKind == JsonValueKind.Object
                        && capabilities.TryGetProperty("elicitation", out var elicitation)
                        && elicitation.ValueKind == JsonValueKind.Object
                        && (elicitation.TryGetProperty("form", out _) || !elicitation.TryGetProperty("url", out _));
                }
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                // It is refused by whoever reads it next.
            }

            request.Body.Position = 0;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{revision}{(asks ? Asks : "")}");
    }

    private static int IndexOf(string revision, int otherwise) =>
        Enumerable
            .Range(0, Product.HandshakeRevisions.Length)
            .Where(index => Product.HandshakeRevisions[index] == revision)
            .DefaultIfEmpty(otherwise)
            .First();

    /// <summary>What an id says.</summary>
    private sealed record Known(string Id, string Revision, bool Asks);
}
