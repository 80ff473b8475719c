namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>How a supervised program ended; the last thing its supervisor writes.</summary>
internal sealed record SupervisorOutcome
{
    /// <summary>Why it ended.</summary>
    public required SupervisorEnd End { get; init; }

    /// <summary>The same in words.</summary>
    public required string Reason { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>Its exit code, when it ended by itself. 128 and more means a signal, as in shells.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The result that its events told, if they did.</summary>
    public AgentResult? Result { get; init; }

    /// <summary>When the usage limit that stood in its way ends; see <see cref="IsUsageLimited"/>.</summary>
    public DateTimeOffset? UsageLimitResetAt { get; init; }

    /// <summary>It stopped because its agent's usage limit is reached.</summary>
    public bool IsUsageLimited { get; init; }

    /// <summary>The tokens that it took, when its events told them.</summary>
    public long? Tokens { get; init; }

    /// <summary>The end of its output.</summary>
    // Generated JSON code sets what is missing in the text to null, past the default.
    public string OutputTail { get; init => field = value ?? ""; } = "";

    /// <summary>Bytes of output kept.</summary>
    public long OutputBytes { get; init; }

    /// <summary>Bytes of output dropped because the limit was reached.</summary>
    public long DroppedBytes { get; init; }

    /// <summary>How many processes had to be ended with it.</summary>
    public int EndedProcesses { get; init; }
}
