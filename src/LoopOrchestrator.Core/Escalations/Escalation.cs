namespace LoopOrchestrator.Core.Escalations;

/// <summary>A step failed so often in a row that it stops until somebody resolves it.</summary>
public sealed record Escalation
{
    /// <summary>Its number.</summary>
    public required long Id { get; init; }

    /// <summary>The schedule whose runs failed; <see langword="null"/> for work that was asked for by its mode and task.</summary>
    public string? ScheduleId { get; init; }

    /// <summary>The mode of the runs.</summary>
    public required string Mode { get; init; }

    /// <summary>Their task.</summary>
    public required string Task { get; init; }

    /// <summary>The runs that failed, oldest first; those that fail while it is open are added.</summary>
    public required IReadOnlyList<string> Runs { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>What failed and how, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>When somebody resolved it.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>What that person said.</summary>
    public string? Note { get; init; }

    /// <summary>The run of the same step that succeeded afterwards.</summary>
    public string? RecoveredRunId { get; init; }

    /// <summary>Its memory entry is still to be written.</summary>
    internal bool MemoryPending { get; init; }

    /// <summary>The memory entry about what succeeded afterwards is still to be written.</summary>
    internal bool RecoveryPending { get; init; }
}
