namespace LoopOrchestrator.Core.Workflows.Definition;

/// <summary>What happens when a step's changes are not those that its stage should make.</summary>
public enum EvidenceAction
{
    /// <summary>The step is marked, and stands.</summary>
    Mark,

    /// <summary>The step has failed.</summary>
    Fail,
}
