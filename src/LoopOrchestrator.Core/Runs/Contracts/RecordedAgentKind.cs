namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>The kinds of agents as <c>run.json</c> names them, with the cycle among them. Its names are those on the disk.</summary>
internal enum RecordedAgentKind
{
    /// <summary>A hand-off.</summary>
    Handoff,

    /// <summary>A fixed command.</summary>
    Command,

    /// <summary>An agent program.</summary>
    Cli,

    /// <summary>A cycle of a workflow; the record's agent is the workflow's name.</summary>
    Workflow,
}
