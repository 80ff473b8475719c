using LoopOrchestrator.Core.Acknowledgements;
using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Status;

/// <summary>What <see cref="NowView"/> is made of beside the status.</summary>
internal sealed record NowFacts
{
    /// <summary>What failed and nobody has seen.</summary>
    public IReadOnlyList<UnseenRuns> Failed { get; init; } = [];

    /// <summary>What succeeded and nobody has seen.</summary>
    public IReadOnlyList<UnseenRuns> Done { get; init; } = [];

    /// <summary>What succeeded last, seen or not, the latest first.</summary>
    public IReadOnlyList<Run> DoneLately { get; init; } = [];

    /// <summary>The latest runs of <see cref="Done"/>, by id, of which nothing but their word tells.</summary>
    public IReadOnlySet<string> WithoutEvidence { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Whether the workspace is trusted by this process.</summary>
    public bool IsTrusted { get; init; }

    /// <summary>What was spent today.</summary>
    public required DaySpend Spend { get; init; }
}
