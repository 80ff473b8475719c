namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>What kind of work a run is, which decides who starts it, who ends it and who may report it.</summary>
public enum RunKind
{
    /// <summary>A program that is started here: an agent program, or a command of the configuration.</summary>
    Agent,

    /// <summary>The brief is handed to whoever takes it, and its holder reports. Nothing is started here.</summary>
    Handoff,

    /// <summary>A cycle of a workflow: it starts no program itself, its steps are runs below it.</summary>
    Cycle,
}
