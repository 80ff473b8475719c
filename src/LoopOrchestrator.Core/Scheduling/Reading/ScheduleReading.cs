using LoopOrchestrator.Core.Modes;

namespace LoopOrchestrator.Core.Scheduling.Reading;

/// <summary>One reading of the files of schedules and modes. Equal to another when none of them was read again in between.</summary>
/// <param name="InForce">The schedules in force.</param>
/// <param name="Latest">The latest reading of their file.</param>
/// <param name="Error">Why that could not be read.</param>
/// <param name="Modes">The modes that they may name.</param>
internal sealed record ScheduleReading(ScheduleSet InForce, ScheduleSet Latest, string? Error, ModeCatalog? Modes);
