namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>The host's part of <c>mcp_startup.json</c>: the keys that decide how the server is reached.</summary>
internal sealed record StartupFile(IReadOnlyDictionary<string, StartupValue> Values, IReadOnlyList<ConfigurationProblem> Problems)
{
    public static StartupFile Empty { get; } = new(new Dictionary<string, StartupValue>(StringComparer.Ordinal), []);
}
