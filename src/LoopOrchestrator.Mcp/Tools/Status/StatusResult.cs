using LoopOrchestrator.Mcp.Tools.Runs;
using LoopOrchestrator.Mcp.Tools.Schedules;

namespace LoopOrchestrator.Mcp.Tools.Status;

/// <summary>The answer of <c>get_status</c>.</summary>
internal sealed record StatusResult
{
    public required string Product { get; init; }

    public required string Version { get; init; }

    public required string Workspace { get; init; }

    public required string Mode { get; init; }

    /// <summary>Whether commands and agents of this workspace may be executed.</summary>
    public required bool Trusted { get; init; }

    public required string TrustSource { get; init; }

    /// <summary>What a person should look at or do; empty when all is well.</summary>
    public required IReadOnlyList<string> Attention { get; init; }

    /// <summary>The process that fires schedules (pid:start:boot); absent when none does.</summary>
    public string? SchedulerProcess { get; init; }

    public DateTimeOffset? SchedulerSince { get; init; }

    public required IReadOnlyList<ServerResult> Servers { get; init; }

    public required IReadOnlyDictionary<string, long> RunCounts { get; init; }

    public required IReadOnlyList<RunRow> Running { get; init; }

    /// <summary>The runs that wait to be started or claimed, in that order; 20 at the most.</summary>
    public required IReadOnlyList<RunRow> Queued { get; init; }

    public required IReadOnlyList<ScheduleResult> Schedules { get; init; }

    /// <summary>Ended runs whose closing row or memory entry could not be written yet.</summary>
    public required IReadOnlyList<string> FinalizationPending { get; init; }

    public required int MemoryLines { get; init; }

    public required int MemoryMaxLines { get; init; }

    /// <summary>What is wrong in the workspace's files, as file:line:column: severity: message.</summary>
    public required IReadOnlyList<string> Findings { get; init; }
}
