namespace LoopOrchestrator.Core.Timing.Rows;

/// <summary>The texts of one row brought into the canonical columns, and why they had to be.</summary>
/// <param name="Timestamp">A moment, or empty.</param>
/// <param name="Mode">The mode, or empty.</param>
/// <param name="TaskId">The id, or empty.</param>
/// <param name="Start">A moment, or empty.</param>
/// <param name="End">A moment, or empty.</param>
/// <param name="Duration">A number, or empty.</param>
/// <param name="Task">The task's text.</param>
/// <param name="Result">The result's text.</param>
/// <param name="Priority">The priority, or empty.</param>
/// <param name="Repair">What was odd about the row and how it was read; <see langword="null"/> for a canonical one.</param>
internal sealed record TimingFields(
    string Timestamp,
    string Mode,
    string TaskId,
    string Start,
    string End,
    string Duration,
    string Task,
    string Result,
    string Priority,
    string? Repair = null
);
