namespace LoopOrchestrator.Mcp.Info;

/// <summary>An agent of the configuration.</summary>
/// <param name="Program">The program as configured; <see langword="null"/> for a hand-off, which has none.</param>
/// <param name="Path">Where it was found.</param>
/// <param name="Looked">Where it was looked for in vain.</param>
/// <param name="PassEnvironment">Variables that it inherits beside those that every agent does.</param>
internal sealed record InfoAgent(
    string Name,
    string Kind,
    string? Program,
    string? Path,
    IReadOnlyList<string> Looked,
    IReadOnlyList<string> PassEnvironment
);
