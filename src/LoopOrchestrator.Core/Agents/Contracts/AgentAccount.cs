namespace LoopOrchestrator.Core.Agents.Contracts;

/// <summary>Everything that an agent's structured events told of its run; a part that no event told is not there.</summary>
internal sealed record AgentAccount
{
    /// <summary>Its result event, if it sent one.</summary>
    public AgentResult? Result { get; init; }

    /// <summary>The preset that read its events; <see langword="null"/> in what a program of an earlier version wrote.</summary>
    public string? Preset { get; init; }

    /// <summary>Whether it did anything: said something, used a tool, ended a step.</summary>
    public bool HasWorked { get; init; }

    /// <summary>Whether a turn or step had begun and was not over, or it went on after its result: what it was at is not done.</summary>
    public bool IsUnfinished { get; init; }

    /// <summary>An error that it told of and that nothing followed, in its words.</summary>
    public string? Fault { get; init; }

    /// <summary>The HTTP status of that error, where it tells one.</summary>
    public int? FaultStatus { get; init; }

    /// <summary>Whether that error says, in a member of its own, that the key was refused or nobody is signed in.</summary>
    public bool IsSignedOut { get; init; }

    /// <summary>Whether that error says that the model's service could not be reached.</summary>
    public bool IsUnreachable { get; init; }

    /// <summary>
    /// How many errors in a row have said that the model's service refused it or could not be reached; work in between begins anew.
    /// </summary>
    public int ServiceFaults { get; init; }

    /// <summary>How many of its background tasks had begun and not ended; when it was told to end, at that moment.</summary>
    public int OpenTasks { get; init; }

    /// <summary>The last that it said.</summary>
    public string? LastText { get; init; }

    /// <summary>What it cost in US dollars.</summary>
    public double? CostUsd { get; init; }

    /// <summary>The tokens it took.</summary>
    public AgentTokens? Tokens { get; init; }

    /// <summary>Its session, with which its CLI resumes it.</summary>
    public string? SessionId { get; init; }

    /// <summary>The limit of usage that stands in its way.</summary>
    public AgentUsageLimit? UsageLimit { get; init; }

    /// <summary>The tools that it was not allowed to use, each once.</summary>
    // Generated JSON code sets what is missing in the text to null, past the default.
    public IReadOnlyList<string> DeniedPermissions
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>The final message, else the error that it ended with, else the last that was said.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string? Message => Result?.Text ?? (Result is null ? Fault : null) ?? LastText;
}
