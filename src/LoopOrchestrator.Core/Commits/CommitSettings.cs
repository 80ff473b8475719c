using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Commits;

/// <summary>How changes are committed (<c>commit</c> in <c>mcp_startup.json</c>).</summary>
public sealed record CommitSettings
{
    /// <summary>What has to pass before each commit, in order; nothing by default.</summary>
    public IReadOnlyList<WorkflowCommand> Gate { get; init; } = [];

    /// <summary>Whether the branch is pushed to its upstream after the commits; off by default.</summary>
    public bool Push { get; init; }

    /// <summary>Whether the files that the loop keeps by itself are committed, as the last commit; on by default.</summary>
    public bool IncludeLiveFiles { get; init; } = true;

    /// <summary>The size above which a file is left out, 1 KiB to 1 GiB; 5 MiB by default.</summary>
    public long MaxFileBytes { get; init; } = 5 * 1024 * 1024;
}
