using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Ledger;

namespace LoopOrchestrator.Core.Scheduling;

/// <summary>What is to be entered into the ledger for one schedule.</summary>
/// <param name="Schedule">The schedule.</param>
/// <param name="Request">Its due moments, and the run that they start.</param>
internal sealed record PlannedEntry(Schedule Schedule, FireRequest Request);
