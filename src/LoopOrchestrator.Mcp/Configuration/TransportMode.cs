namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>How clients reach the server.</summary>
internal enum TransportMode
{
    /// <summary>Decided at start from what standard input is.</summary>
    Auto,

    /// <summary>One client, over standard input and output.</summary>
    Stdio,

    /// <summary>Any number of clients, over HTTP.</summary>
    Http,
}
