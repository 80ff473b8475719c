namespace LoopOrchestrator.Mcp.Info;

/// <summary>What the program runs on.</summary>
/// <param name="Compilation"><c>native</c> or <c>jit</c>.</param>
internal sealed record InfoRuntime(string Framework, string OperatingSystem, string Architecture, string Compilation);
