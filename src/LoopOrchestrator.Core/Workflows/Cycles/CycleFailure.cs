namespace LoopOrchestrator.Core.Workflows.Cycles;

/// <summary>What sent a cycle back: the next implementer gets it as context.</summary>
/// <param name="Stage">The name of the stage that failed.</param>
/// <param name="What">The step or command that failed, for people.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Output">What it said at the end; <see langword="null"/> for nothing.</param>
/// <param name="RunId">The run of a failed step.</param>
public sealed record CycleFailure(string Stage, string What, string Reason, string? Output, string? RunId);
