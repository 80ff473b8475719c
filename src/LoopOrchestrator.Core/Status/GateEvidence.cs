using LoopOrchestrator.Core.Workflows.Cycles;

namespace LoopOrchestrator.Core.Status;

/// <summary>How a gate ended.</summary>
/// <param name="Name">The gate, as its workflow calls it.</param>
/// <param name="ExitCode">The exit code of its command; <see langword="null"/> where it had none.</param>
/// <param name="Passed">Whether it let the work pass.</param>
public sealed record GateEvidence(string Name, int? ExitCode, bool Passed)
{
    internal static GateEvidence Of(CycleItem item) => new(item.Name, item.ExitCode, item.State == CycleItemState.Passed);
}
