namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>A part of the output of a run.</summary>
/// <param name="Text">What was printed; empty when there is nothing more yet.</param>
/// <param name="Next">Where to go on.</param>
/// <param name="IsLast">Whether the run has ended and this goes to the end of what it printed.</param>
public sealed record OutputPart(string Text, OutputPosition Next, bool IsLast);
