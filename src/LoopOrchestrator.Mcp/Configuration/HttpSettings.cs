namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>How HTTP is served, beyond address, port and token. None of it is ever taken from a file of the workspace.</summary>
internal sealed record HttpSettings
{
    private const string Default = "default";

    /// <summary>What is in force where nothing was said.</summary>
    public static HttpSettings Standard { get; } = new();

    /// <summary>Further names that the server answers to, as <see cref="AllowedHost"/> takes them.</summary>
    public Sourced<IReadOnlyList<AllowedHost>> AllowedHosts { get; init; } = new([], Default);
}
