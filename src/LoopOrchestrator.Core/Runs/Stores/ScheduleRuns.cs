using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Runs.Stores;

/// <summary>The runs of schedules at one moment. Thousands may be queued, so of those only their schedules are told.</summary>
/// <param name="Active">The ids of the schedules with a run that is queued or goes on.</param>
/// <param name="Running">The run of a schedule that goes on, by the schedule's id; the oldest where there are several.</param>
internal sealed record ScheduleRuns(IReadOnlySet<string> Active, IReadOnlyDictionary<string, Run> Running);
