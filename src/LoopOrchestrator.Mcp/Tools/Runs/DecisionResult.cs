using System.ComponentModel;

namespace LoopOrchestrator.Mcp.Tools.Runs;

/// <summary>A decision about a run.</summary>
internal sealed record DecisionResult(
    [property: Description("When (UTC).")] DateTimeOffset At,
    [property: Description("What, and why.")] string Text);
