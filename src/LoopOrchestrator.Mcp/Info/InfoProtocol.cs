namespace LoopOrchestrator.Mcp.Info;

/// <summary>How clients can speak to the server.</summary>
internal sealed record InfoProtocol(
    string Sdk,
    string SdkVersion,
    IReadOnlyList<string> ProtocolRevisions,
    IReadOnlyList<string> Transports
);
