namespace LoopOrchestrator.Mcp.Info;

/// <summary>How the server would be reached if it were started like this.</summary>
/// <param name="Mode">The transport, with <c>auto</c> decided.</param>
/// <param name="Endpoint">The MCP endpoint in HTTP mode.</param>
/// <param name="PortFree">Whether the configured port can be listened on now; looked at in every mode.</param>
/// <param name="TokenRequired">Whether HTTP clients must show a token.</param>
internal sealed record InfoServing(string Mode, string Endpoint, bool PortFree, bool TokenRequired);
