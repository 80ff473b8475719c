namespace LoopOrchestrator.Core.Runs.Stores;

/// <summary>Something that was decided about a run, and why.</summary>
/// <param name="At">When.</param>
/// <param name="Text">What and why, in one sentence.</param>
public sealed record RunDecision(DateTimeOffset At, string Text)
{
    /// <summary>Its kind, where something depends on that.</summary>
    public RunDecisionCode? Code { get; init; }
}
