using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LoopOrchestrator.Mcp.Hosting.Connections;

/// <summary>Puts <see cref="ConnectionPlaces"/> between the sockets and the requests.</summary>
internal static class ConnectionPlacesSetup
{
    /// <summary>Gives each new connection a place, or closes it.</summary>
    public static void UsePlaces(this ListenOptions listen, ConnectionPlaces places) =>
        listen.Use(next =>
            async connection =>
            {
                var id = connection.ConnectionId;
                if (
                    !places.TryEnter(id, Peer(connection.RemoteEndPoint), () =>
                        connection.Abort(new ConnectionAbortedException("no request in time"))
                    )
                )
                {
                    connection.Abort(new ConnectionAbortedException("too many connections"));
                    return;
                }

                using var timer = places.StartHeadTimer(id);
                try
                {
                    await next(connection);
                }
                finally
                {
                    places.Leave(id);
                }
            }
        );

    /// <summary>Marks a connection as one that asks for something while its request is answered.</summary>
    public static void UsePlaces(this IApplicationBuilder app, ConnectionPlaces places) =>
        app.Use(
            async (HttpContext context, RequestDelegate next) =>
            {
                var id = context.Connection.Id;
                var hasBody = context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };
                places.BeginRequest(id, hasBody);
                if (hasBody)
                {
                    context.Request.Body = new ObservedBody(context.Request.Body, () => places.EndBody(id));
                }

                try
                {
                    await next(context);
                }
                finally
                {
                    places.EndRequest(id);
                }
            }
        );

    /// <summary>Who is at the other end, for limits: an address, or the network that one host has.</summary>
    public static string Peer(EndPoint? remote) =>
        remote switch
        {
            IPEndPoint { Address: { IsIPv4MappedToIPv6: true } mapped } => mapped.MapToIPv4().ToString(),

            // One host has a whole network of 64 bits of its own (RFC 4291, section 2.5.1), so it is counted as one.
            IPEndPoint { Address: { AddressFamily: AddressFamily.InterNetworkV6 } wide } => Convert.ToHexString(
                wide.GetAddressBytes().AsSpan(0, 8)
            ),
            IPEndPoint { Address: var address } => address.ToString(),
            _ => remote?.ToString() ?? "",
        };
}
