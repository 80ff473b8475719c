using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Status;

/// <summary>What <see cref="NowView"/> is made of beside the status.</summary>
internal sealed record NowFacts
{
    /// <summary>Runs that have succeeded lately and that nobody's run asked for, the latest first.</summary>
    public IReadOnlyList<Run> Succeeded { get; init; } = [];

    /// <summary>Those of them, by id, of which nothing but their word tells.</summary>
    public IReadOnlySet<string> WithoutEvidence { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Up to when each subject has been seen.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Seen { get; init; } = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);

    /// <summary>Whether the workspace is trusted by this process.</summary>
    public bool IsTrusted { get; init; }

    /// <summary>What was spent today.</summary>
    public required DaySpend Spend { get; init; }
}
