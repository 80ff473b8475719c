using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Reports;

/// <summary>A run that took long.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Mode">Its mode.</param>
/// <param name="State">How it ended.</param>
/// <param name="Seconds">From its start to its end.</param>
/// <param name="Task">What was to be done, in a few words.</param>
public sealed record ReportStep(string RunId, string Mode, RunState State, long Seconds, string Task);
