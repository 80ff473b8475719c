using LoopOrchestrator.Testing.Processes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Testing.Clients;

/// <summary>The SDK's client, connected to a <see cref="ServerProcess"/> with one era pinned.</summary>
public static class ServerClients
{
    /// <summary>Connects over the process's standard streams; a client with a <paramref name="person"/> can ask.</summary>
    public static Task<McpClient> ConnectStdioAsync(
        this ServerProcess server,
        string protocolVersion,
        CancellationToken cancellationToken,
        Func<ElicitRequestParams, ElicitResult>? person = null
    )
    {
        ArgumentNullException.ThrowIfNull(server);
        return McpClient
            .CreateAsync(
                new StreamClientTransport(server.Input, server.Output),
                Options(protocolVersion, person),
                cancellationToken: cancellationToken
            )
            .WaitAsync(ServerProcess.HangGuard, cancellationToken);
    }

    /// <summary>Connects over HTTP; a client with a <paramref name="person"/> can ask.</summary>
    public static Task<McpClient> ConnectHttpAsync(
        this ServerProcess server,
        string protocolVersion,
        string? token,
        CancellationToken cancellationToken,
        Func<ElicitRequestParams, ElicitResult>? person = null
    )
    {
        ArgumentNullException.ThrowIfNull(server);
        var transport = new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = new Uri(server.Address ?? throw new InvalidOperationException("The server does not listen."), "/mcp"),
                TransportMode = HttpTransportMode.StreamableHttp,
                AdditionalHeaders = token is null
                    ? null
                    : new Dictionary<string, string>(StringComparer.Ordinal) { ["Authorization"] = $"Bearer {token}" },
            }
        );
        return McpClient
            .CreateAsync(transport, Options(protocolVersion, person), cancellationToken: cancellationToken)
            .WaitAsync(ServerProcess.HangGuard, cancellationToken);
    }

    private static McpClientOptions Options(string protocolVersion, Func<ElicitRequestParams, ElicitResult>? person) =>
        new()
        {
            ClientInfo = new Implementation { Name = "loop-orchestrator-tests", Version = "1" },
            ProtocolVersion = protocolVersion,
            Handlers = new McpClientHandlers
            {
                ElicitationHandler = person is null ? null : (form, _) => ValueTask.FromResult(person(form!)),
            },

            // On a busy machine a process may need longer to come up than the five seconds after which the client would give up this era.
            // The guard of the connection is the limit.
            DiscoverProbeTimeout = Timeout.InfiniteTimeSpan,
        };
}
