using LoopOrchestrator.Core.Agents;

namespace LoopOrchestrator.Mcp.Info;

/// <summary>Which agent programs are installed. They are looked for and never executed.</summary>
internal static class AgentPrograms
{
    public static readonly string[] Known = ["claude", "codex", "opencode", "gemini", "cline", "copilot", "qwen", "kilo", "aider"];

    /// <param name="folder">Where an agent would work.</param>
    /// <returns>Each known program with its place on PATH, or <see langword="null"/>.</returns>
    public static IReadOnlyDictionary<string, string?> Find(string folder) =>
        Known.ToDictionary(name => name, name => ExecutableFinder.Find(name, folder).Path, StringComparer.Ordinal);
}
