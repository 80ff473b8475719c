namespace LoopOrchestrator.Core.Workflows.Cycles;

/// <summary>What an item of a cycle is.</summary>
public enum CycleItemKind
{
    /// <summary>A step: one run.</summary>
    Step,

    /// <summary>A gate: a command behind the steps of its stage.</summary>
    Gate,

    /// <summary>What isolated steps changed comes into the workspace.</summary>
    Landing,

    /// <summary>A sync command behind the gates.</summary>
    Sync,

    /// <summary>A gate that has failed behind isolated steps, on the tree as it was before them.</summary>
    Baseline,
}
