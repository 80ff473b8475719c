using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Configuration;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Runs;

/// <summary>
/// Distinguishes calls of one client from those of another: over standard input and output the process has one client, over HTTP each
/// session is
/// one.
/// </summary>
internal sealed class RunCallers(ServerContext context)
{
    private readonly RunCaller? _process = context.Mode == TransportMode.Stdio ? RunCaller.OfProcess() : null;

    /// <summary>
    /// Who calls. In the revisions of the protocol without sessions, nobody can say whether two calls are of the same client.
    /// </summary>
    public RunCaller Of(McpServer server) =>
        _process ?? (server.SessionId is { Length: > 0 } session ? RunCaller.OfSession(session) : RunCaller.Unknown);
}
