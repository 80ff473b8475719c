namespace LoopOrchestrator.Mcp.Tools.Runs;

/// <summary>A decision about a run: when, what, and why.</summary>
internal sealed record DecisionResult(DateTimeOffset At, string Text);
