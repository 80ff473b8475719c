namespace LoopOrchestrator.Mcp.Tests.Pages;

/// <summary>An answer as a browser gets it.</summary>
internal sealed record SeenPage(int Status, string Html, IReadOnlyDictionary<string, string> Headers)
{
    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
