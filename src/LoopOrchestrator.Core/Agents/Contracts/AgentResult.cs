namespace LoopOrchestrator.Core.Agents.Contracts;

/// <summary>What an agent's result event tells: it has nothing more to do.</summary>
/// <param name="IsError">The agent itself calls its work failed.</param>
/// <param name="Text">Its final message.</param>
/// <param name="Turns">How many turns it took.</param>
internal sealed record AgentResult(bool IsError, string? Text = null, int? Turns = null)
{
    /// <summary>The agent's word for how it ended, where that says more than whether it failed.</summary>
    public string? Subtype { get; init; }

    /// <summary>Whether the model refused the task.</summary>
    public bool IsRefusal { get; init; }

    /// <summary>Why a result that names no error cannot be read as a success either, in words.</summary>
    public string? Doubt { get; init; }

    /// <summary>The HTTP status with which the model's service failed it, where it tells one.</summary>
    public int? Status { get; init; }
}
