using System.Security.Claims;
using System.Text.Json.Nodes;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting.Sessions;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>
/// Bounds how many sessions of clients over HTTP there are at once, and for how long one may be idle. For one more, the session is closed
/// that was idle the longest: never one with a request or stream, nor one whose client holds a run, which would lose it to somebody else.
/// Where no such session is left, the new one is refused. Safe for many threads.
/// </summary>
/// <param name="most">How many there are at the most.</param>
/// <param name="holders">
/// Asked who holds a run now (see <see cref="RunCaller.Owner"/>); <see langword="null"/> while that is not known, and then none is closed.
/// </param>
/// <param name="time">The clock.</param>
internal sealed class HttpSessions(int most, Func<CancellationToken, Task<IReadOnlySet<string>?>> holders, TimeProvider time)
{
    /// <summary>
    /// The limit of a server. Each takes some 22 KB, and a few more than there are places for connections are enough: one that is closed
    /// goes on when its client comes again.
    /// </summary>
    public const int Max = 600;

    /// <summary>For how long a session is kept without a request or stream, whose client holds nothing.</summary>
    public static readonly TimeSpan MaxIdle = TimeSpan.FromMinutes(30);

    // How often it is looked for idle ones, and how many are closed then: a client waits for it.
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);
    private const int MaxClosedPerSweep = 20;

    private const string SessionHeader = "Mcp-Session-Id";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private readonly HashSet<string> _closing = new(StringComparer.Ordinal);
    private long _sweptAt = time.GetTimestamp();

    // Under the gate. What is being closed has its place no more, whether its end was told already or not.
    private int Count => _sessions.Count - _closing.Count(_sessions.ContainsKey);

    /// <summary>A session has begun.</summary>
    /// <param name="id">The session.</param>
    /// <param name="user">Who began it: nobody else gets into it.</param>
    public void Begin(string id, ClaimsPrincipal user)
    {
        lock (_gate)
        {
            _sessions[id] = new Session(user) { LastUsed = time.GetTimestamp() };
        }
    }

    /// <summary>A session has ended, however that came.</summary>
    public void End(string id)
    {
        lock (_gate)
        {
            _sessions.Remove(id);
        }
    }

    /// <summary>
    /// Closes a session to everybody but who began it, as if it were not there: whoever has found out its id has none of its rights. A
    /// token that took the place of another one is another one.
    /// </summary>
    public async Task KeepToOwnersAsync(HttpContext context, RequestDelegate next)
    {
        if (
            context.Request.Headers[SessionHeader].ToString() is { Length: > 0 } id
            && OwnerOf(id) is { } owner
            && AccessGrant.Of(owner)?.Id != AccessGrant.Of(context.User)?.Id
        )
        {
            await RefuseAsync(
                context,
                StatusCodes.Status404NotFound,
                "Session not found: it was begun with another token, or without one. Begin a new one."
            );
            return;
        }

        await next(context);
    }

    /// <summary>Takes note of the requests of sessions, and makes room before one begins.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (!McpRoute.Leads(request))
        {
            await next(context);
            return;
        }

        await CloseIdleAsync(context, next, own: request.Headers[SessionHeader].ToString());
        if (request.Headers[SessionHeader].ToString() is { Length: > 0 } id)
        {
            if (!TryEnter(id, out var isCounted))
            {
                await RefuseAsync(
                    context,
                    StatusCodes.Status404NotFound,
                    "Session not found: it was closed to make room for others. Begin a new one."
                );
                return;
            }

            // One that is not known here is begun again, if it can be.
            if (
                !isCounted
                && context.Items.ContainsKey(SessionIds.CanBeginAgain)
                && !HttpMethods.IsDelete(request.Method)
                && !await MakeRoomAsync(context, next)
            )
            {
                await RefuseFullAsync(context);
                return;
            }

            try
            {
                await next(context);
            }
            finally
            {
                Leave(id, isCounted);
            }
        }
        else if (SessionIds.BeginsSession(request) && !await MakeRoomAsync(context, next))
        {
            await RefuseFullAsync(context);
        }
        else
        {
            await next(context);
        }
    }

    private Task RefuseFullAsync(HttpContext context) =>
        RefuseAsync(
            context,
            StatusCodes.Status503ServiceUnavailable,
            $"This server has {most} sessions, and the client of each is in the middle of a request or holds a run. "
                + "Try again later, or close a session that is not needed (DELETE with its Mcp-Session-Id)."
        );

    private bool TryEnter(string id, out bool isCounted)
    {
        lock (_gate)
        {
            isCounted = false;
            if (_closing.Contains(id))
            {
                return false;
            }

            if (_sessions.TryGetValue(id, out var session))
            {
                session.Requests++;
                isCounted = true;
            }

            return true;
        }
    }

    private void Leave(string id, bool isCounted)
    {
        lock (_gate)
        {
            if (_sessions.TryGetValue(id, out var session))
            {
                session.Requests -= isCounted ? 1 : 0;
                session.LastUsed = time.GetTimestamp();
            }
        }
    }

    private async Task<bool> MakeRoomAsync(HttpContext context, RequestDelegate next)
    {
        lock (_gate)
        {
            if (Count < most)
            {
                return true;
            }
        }

        // Who was idle before they were asked for, and still is, has taken nothing since.
        var asked = time.GetTimestamp();
        var holding = await holders(context.RequestAborted);
        string oldest;
        lock (_gate)
        {
            if (Count < most)
            {
                return true;
            }

            var idle = _sessions
                .Where(one =>
                    holding is not null
                    && !_closing.Contains(one.Key)
                    && one.Value.Requests == 0
                    && one.Value.LastUsed <= asked
                    && !holding.Contains(RunCaller.OfSession(one.Key).Owner!)
                )
                .ToList();
            if (idle.Count == 0)
            {
                return false;
            }

            oldest = idle.MinBy(static one => one.Value.LastUsed).Key;
            _closing.Add(oldest);
        }

        return await CloseAsync(context, next, oldest);
    }

    // At requests of others, which are the only reason to have fewer.
    private async Task CloseIdleAsync(HttpContext context, RequestDelegate next, string own)
    {
        var asked = time.GetTimestamp();
        lock (_gate)
        {
            if (time.GetElapsedTime(_sweptAt) < SweepInterval)
            {
                return;
            }

            _sweptAt = asked;
            if (!_sessions.Any(IsIdle))
            {
                return;
            }
        }

        if (await holders(context.RequestAborted) is not { } holding)
        {
            return;
        }

        var closing = new List<string>();
        lock (_gate)
        {
            closing.AddRange(
                _sessions
                    .Where(one => IsIdle(one) && !_closing.Contains(one.Key) && !holding.Contains(RunCaller.OfSession(one.Key).Owner!))
                    .Select(static one => one.Key)
                    .Take(MaxClosedPerSweep)
            );
            _closing.UnionWith(closing);
        }

        foreach (var id in closing)
        {
            await CloseAsync(context, next, id);
        }

        // Whoever took something since it was asked for was used since.
        bool IsIdle(KeyValuePair<string, Session> one) =>
            one.Key != own && one.Value.Requests == 0 && time.GetElapsedTime(one.Value.LastUsed, asked) >= MaxIdle;
    }

    // It is among those that are being closed.
    private async Task<bool> CloseAsync(HttpContext context, RequestDelegate next, string id)
    {
        var isClosed = false;
        try
        {
            isClosed = await TryCloseAsync(context, next, id);
        }
        finally
        {
            lock (_gate)
            {
                // One that could not be closed lives on, and goes on being counted.
                _closing.Remove(id);
                if (isClosed)
                {
                    _sessions.Remove(id);
                }
            }
        }

        return isClosed;
    }

    // As its client would close it: the SDK offers no other way to end a certain session.
    private async Task<bool> TryCloseAsync(HttpContext context, RequestDelegate next, string id)
    {
        var closing = new DefaultHttpContext { RequestServices = context.RequestServices, User = OwnerOf(id) ?? context.User };
        closing.Request.Method = HttpMethods.Delete;
        closing.Request.Scheme = context.Request.Scheme;
        closing.Request.Host = context.Request.Host;
        closing.Request.Path = McpRoute.Path;
        closing.Request.Headers[SessionHeader] = id;
        await next(closing);
        return closing.Response.StatusCode is StatusCodes.Status404NotFound or (>= 200 and < 300);
    }

    private ClaimsPrincipal? OwnerOf(string id)
    {
        lock (_gate)
        {
            return _sessions.GetValueOrDefault(id)?.User;
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string message)
    {
        var answer = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = null,
            ["error"] = new JsonObject { ["code"] = (int)McpErrorCode.InvalidRequest, ["message"] = message },
        };
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }

    private sealed class Session(ClaimsPrincipal user)
    {
        public ClaimsPrincipal User => user;

        public int Requests { get; set; }

        public long LastUsed { get; set; }
    }
}
