using LoopOrchestrator.Core.Timing.Months;

namespace LoopOrchestrator.Core.Timing.Rotation;

/// <summary>What a rotation of the time log has moved, or would move.</summary>
/// <param name="Months">The months, the oldest first.</param>
/// <param name="WhyNot">Why nothing more was moved, as a sentence; <see langword="null"/> when all that is over was.</param>
public sealed record TimingRotated(IReadOnlyList<MovedMonth> Months, string? WhyNot);
