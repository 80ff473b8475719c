using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Workflows.Cycles;

/// <summary>How a cycle ends.</summary>
/// <param name="State">One of the final states.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Escalates">Whether it escalates at once, whatever the count of failures before it.</param>
public sealed record CycleVerdict(RunState State, string Reason, bool Escalates);
