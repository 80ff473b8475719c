using LoopOrchestrator.Core.Timing.Reports;

namespace LoopOrchestrator.Mcp.Tools.Timing;

/// <summary>A sum over complete intervals.</summary>
internal sealed record TimingSumResult(string Key, int Count, long Seconds)
{
    public static TimingSumResult From(TimingTotal total) => new(total.Key, total.Count, total.Seconds);
}
