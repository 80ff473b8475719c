namespace LoopOrchestrator.Mcp.Clients;

/// <summary>What came of starting a server as a client would.</summary>
/// <param name="FirstAnswer">How long the first answer took from the start of the process; <see langword="null"/> where none came.</param>
/// <param name="Tools">How many tools it listed.</param>
/// <param name="Problem">What went wrong and what was seen; <see langword="null"/> where all is well.</param>
internal sealed record ServerCheckResult(TimeSpan? FirstAnswer, int Tools, string? Problem);
