using System.ComponentModel;
using LoopOrchestrator.Core.Timing;

namespace LoopOrchestrator.Mcp.Tools.Timing;

/// <summary>A sum over complete intervals.</summary>
internal sealed record TimingSumResult(
    [property: Description("The mode, priority or day.")] string Key,
    int Count,
    long Seconds)
{
    public static TimingSumResult From(TimingTotal total) => new(total.Key, total.Count, total.Seconds);
}
