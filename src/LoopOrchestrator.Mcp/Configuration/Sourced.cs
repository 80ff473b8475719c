namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>A value and where it came from, in words that a person can act on ("option --port", "environment LOOP_PORT").</summary>
internal sealed record Sourced<T>(T Value, string Source);
