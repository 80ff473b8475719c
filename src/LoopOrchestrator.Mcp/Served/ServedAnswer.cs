namespace LoopOrchestrator.Mcp.Served;

/// <summary>What one of several workspaces has answered to a question that all of them were asked.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
/// <param name="Of">Which one.</param>
/// <param name="Value">The answer; <see langword="null"/> where there is none.</param>
/// <param name="Problem">Why there is none.</param>
internal sealed record ServedAnswer<T>(ServedWorkspace Of, T? Value, string? Problem)
    where T : class;
