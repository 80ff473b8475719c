namespace LoopOrchestrator.Core.Workflows.Cycles;

/// <summary>Why an item of a cycle failed that no rework can mend: whoever worked in it is not to blame.</summary>
public enum CycleFault
{
    /// <summary>A program, a mode or an agent is missing.</summary>
    Missing,

    /// <summary>The service of the agent's model refused it or could not be reached.</summary>
    Service,
}
