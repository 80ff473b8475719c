namespace LoopOrchestrator.Core.Agents.Contracts;

/// <summary>What an agent is.</summary>
public enum AgentKind
{
    /// <summary>
    /// The connected client's own agent: it gets the brief and reports with <c>complete_run</c>. Nothing is started here.
    /// </summary>
    Handoff,

    /// <summary>A fixed command of the configuration.</summary>
    Command,

    /// <summary>An agent program that gets the brief as its prompt.</summary>
    Cli,
}
