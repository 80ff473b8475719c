namespace LoopOrchestrator.Mcp.Tests.Npm;

/// <summary>The MCP Inspector.</summary>
public sealed class InspectorInstallation() : NpmInstallation($"inspector-{Version}", $"@modelcontextprotocol/inspector@{Version}")
{
    private const string Version = "2.12.0";

    /// <summary>Its program.</summary>
    public string Program => ProgramOf("mcp-inspector");
}
