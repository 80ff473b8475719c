using LoopOrchestrator.Core.Scheduling.Definition;

namespace LoopOrchestrator.Core.Scheduling.Editing;

/// <summary>What a schedule would be, were it saved as it is asked for.</summary>
/// <param name="Schedule">The schedule; <see langword="null"/> where an error that was there before would keep it out of force.</param>
/// <param name="Changed">The fields that would say something else than now.</param>
/// <param name="Next">When it would be due next, by its own rule.</param>
public sealed record SchedulePreview(Schedule? Schedule, IReadOnlyList<string> Changed, IReadOnlyList<DateTimeOffset> Next);
