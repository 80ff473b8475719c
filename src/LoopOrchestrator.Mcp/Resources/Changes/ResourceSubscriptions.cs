using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using LoopOrchestrator.Core.Errors;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Resources.Changes;

/// <summary>
/// Tells clients of changed resources, in both ways that the protocol has: until 2025-11-25 a client subscribes and hears on the stream of
/// its session; from 2026-07-28 on it holds a request open and hears on the answer to that. The SDK does neither by itself: it takes a
/// subscription and never tells of anything.
/// </summary>
internal sealed class ResourceSubscriptions(ChangeWatch watch, IHostApplicationLifetime lifetime) : IDisposable
{
    private const int MaxAddress = 1_000;

    // Of the sessions over HTTP. Few of them ever subscribe.
    private readonly ConcurrentDictionary<string, McpServer> _servers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    /// <summary>A session over HTTP has begun. Its server sends on the session's own stream, whatever request there was.</summary>
    public void Begin(string session, McpServer server) => _servers[session] = server;

    /// <summary>A session has ended.</summary>
    public void End(string session)
    {
        _servers.TryRemove(session, out _);
        if (_sessions.TryRemove(session, out var ended))
        {
            watch.Remove(ended.Listener);
            ended.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var session in _sessions.Keys.ToList())
        {
            End(session);
        }
    }

    /// <summary>A client subscribes to a resource, which may come later.</summary>
    public async Task SubscribeAsync(McpServer server, string uri, CancellationToken cancellationToken)
    {
        if (uri.Length > MaxAddress)
        {
            throw ResourceBoundary.Missing(server, uri[..MaxAddress], $"No resource has an address of more than {MaxAddress} characters.");
        }

        var id = server.SessionId ?? string.Empty;
        var session = _sessions.GetOrAdd(id, (_, server) => new Session(_servers.GetValueOrDefault(id, server)), server);
        try
        {
            await watch.AddAsync(session.Listener, uri, mayBeMissing: true, cancellationToken);
        }
        catch (MissingResourceException exception)
        {
            throw ResourceBoundary.Missing(server, uri, exception.Message, exception);
        }

        session.Start();
        if (id.Length > 0 && !_servers.ContainsKey(id))
        {
            // It ended while its resource was read, before the watch knew of it.
            End(id);
            watch.Remove(session.Listener);
        }
    }

    /// <summary>A client has heard enough of a resource.</summary>
    public void Unsubscribe(McpServer server, string uri)
    {
        if (_sessions.TryGetValue(server.SessionId ?? string.Empty, out var session))
        {
            session.Listener.Remove(uri);
        }
    }

    /// <summary>Tells a client of changes for as long as its request is open.</summary>
    public async Task<EmptyResult> ListenAsync(
        RequestContext<SubscriptionsListenRequestParams> context,
        CancellationToken cancellationToken
    )
    {
        var id = context.JsonRpcRequest.Id;
        var meta = new JsonObject { [MetaKeys.SubscriptionId] = id.Id is long number ? number : id.ToString() };
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        var server = context.Server;
        using var listener = new ChangeListener((uri, token) => SendAsync(server, uri, meta, token));
        try
        {
            var granted = new List<string>();
            foreach (var uri in context.Params?.Notifications.ResourceSubscriptions ?? [])
            {
                try
                {
                    await watch.AddAsync(listener, uri, mayBeMissing: false, ending.Token);
                    granted.Add(uri);
                }
                catch (Exception exception) when (exception is UserErrorException or IOException or UnauthorizedAccessException)
                {
                    // What is not granted is not in the acknowledgement, which is how the protocol says so.
                }
            }

            await AcknowledgeAsync(context, granted, meta, ending.Token);
            await listener.RunAsync(ending.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The server stops, and says so in order.
        }
        finally
        {
            watch.Remove(listener);
        }

        return new EmptyResult { Meta = meta.DeepClone().AsObject() };
    }

    private static Task AcknowledgeAsync(
        RequestContext<SubscriptionsListenRequestParams> context,
        List<string> granted,
        JsonObject meta,
        CancellationToken cancellationToken
    )
    {
        var notifications = new JsonObject();
        if (granted.Count > 0)
        {
            notifications["resourceSubscriptions"] = new JsonArray([.. granted.Select(static uri => (JsonNode)uri)]);
        }

        return context.Server.SendMessageAsync(
            new JsonRpcNotification
            {
                Method = NotificationMethods.SubscriptionsAcknowledgedNotification,
                Params = new JsonObject { ["notifications"] = notifications, ["_meta"] = meta.DeepClone() },
            },
            cancellationToken
        );
    }

    private static Task SendAsync(McpServer server, string uri, JsonObject? meta, CancellationToken cancellationToken) =>
        server.SendNotificationAsync(
            NotificationMethods.ResourceUpdatedNotification,
            new ResourceUpdatedNotificationParams { Uri = uri, Meta = meta?.DeepClone().AsObject() },
            McpJsonUtilities.DefaultOptions,
            cancellationToken
        );

    /// <summary>A client of a revision with sessions.</summary>
    private sealed class Session : IDisposable
    {
        private readonly CancellationTokenSource _ended = new();
        private int _isStarted;

        public Session(McpServer server) => Listener = new ChangeListener((uri, token) => SendAsync(server, uri, meta: null, token));

        public ChangeListener Listener { get; }

        public void Start()
        {
            if (Interlocked.Exchange(ref _isStarted, 1) == 0)
            {
                _ = RunAsync();
            }
        }

        public void Dispose()
        {
            _ended.Cancel();
            _ended.Dispose();
            Listener.Dispose();
        }

        private async Task RunAsync()
        {
            try
            {
                await Listener.RunAsync(_ended.Token);
            }
            catch (Exception exception)
                when (exception is OperationCanceledException or ObjectDisposedException or IOException or InvalidOperationException)
            {
                // The client is gone, or its stream is; nobody is there to be told.
            }
        }
    }
}
