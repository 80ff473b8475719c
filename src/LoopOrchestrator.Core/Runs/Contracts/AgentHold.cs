namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>
/// An agent whose runs are held back, because the service of its model refused it or could not be reached: each further run would end the
/// same way until a person has done something.
/// </summary>
/// <param name="Agent">The agent's name.</param>
/// <param name="Failure">What kind of failure it was.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="RunId">The run that showed it.</param>
/// <param name="Since">Since when.</param>
public sealed record AgentHold(string Agent, RunFailure Failure, string Reason, string RunId, DateTimeOffset Since)
{
    /// <summary>The digest of the agent's entry in the configuration then: another entry is not held back for what this one did.</summary>
    public string? Digest { get; init; }

    /// <summary>How a person lets it go on.</summary>
    public string HowTo =>
        $"{(Failure == RunFailure.SignIn ? "Sign in with its program, or correct the key" : "Mend that")}, then let it go on with "
        + $"'loop-orchestrator resume --agent {Agent}' (tool resume_agent), or change its entry in mcp_startup.json; a run of it that "
        + "succeeds does so too, and a restart of the server alone does not";

    /// <summary>Why a run of it waits.</summary>
    public string WhyHeld =>
        $"agent '{Agent}' is held back since {Since.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}, because in run {RunId} {Reason}. {HowTo}";
}
