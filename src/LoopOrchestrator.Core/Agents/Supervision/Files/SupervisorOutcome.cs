using LoopOrchestrator.Core.Agents.Contracts;

namespace LoopOrchestrator.Core.Agents.Supervision.Files;

/// <summary>How a supervised program ended; the last thing its supervisor writes.</summary>
internal sealed record SupervisorOutcome
{
    /// <summary>Why it ended.</summary>
    public required SupervisorEnd End { get; init; }

    /// <summary>The same in words.</summary>
    public required string Reason { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>What shows that the supervisor of this start wrote it; see <see cref="SupervisorStart"/>.</summary>
    public string? Secret { get; init; }

    /// <summary>
    /// Its exit code, when it ended by itself. 128 and more means a signal, as in shells, unless its preset says otherwise.
    /// </summary>
    public int? ExitCode { get; init; }

    /// <summary>The digest that its order had.</summary>
    public string? AgentDigest { get; init; }

    /// <summary>The last line that it printed to its standard error, where that is not its output's last line anyhow.</summary>
    public string? ErrorLine { get; init; }

    /// <summary>What its events told, if they told anything.</summary>
    public AgentAccount? Account { get; init; }

    /// <summary>The end of its output.</summary>
    // Generated JSON code sets what is missing in the text to null, past the default.
    public string OutputTail
    {
        get;
        init => field = value ?? "";
    } = "";

    /// <summary>Bytes of output kept.</summary>
    public long OutputBytes { get; init; }

    /// <summary>Bytes of output dropped because the limit was reached.</summary>
    public long DroppedBytes { get; init; }

    /// <summary>How many processes had to be ended with it.</summary>
    public int EndedProcesses { get; init; }
}
