using System.Reflection;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Bootstrap;

/// <summary>What this program calls itself.</summary>
internal static class Product
{
    public const string Name = "loop-orchestrator";
    public const string Title = "Loop Orchestrator";

    /// <summary>The protocol revisions that begin with <c>initialize</c>, newest last.</summary>
    public static readonly string[] HandshakeRevisions = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

    /// <summary>The protocol revisions that the SDK serves, newest last; a test asks the server for each.</summary>
    public static readonly string[] ProtocolRevisions = [.. HandshakeRevisions, "2026-07-28"];

    public static string Version { get; } = VersionOf(typeof(Product).Assembly);

    public static string SdkVersion => VersionOf(typeof(McpServer).Assembly);

    private static string VersionOf(Assembly assembly)
    {
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? assembly.GetName().Version?.ToString()
            ?? "0.0.0";
        return version.Split('+', 2)[0];
    }
}
