namespace LoopOrchestrator.Core.Workflows.Definition;

/// <summary>What happens when a step of a stage fails, or one of its gates does.</summary>
public enum FailureAction
{
    /// <summary>
    /// The cycle goes back to a stage, with the failure's output; at most <see cref="WorkflowDefinition.MaxReworks"/> times, then it
    /// escalates.
    /// </summary>
    Rework,

    /// <summary>The stage begins anew, at most <see cref="FailurePolicy.MaxRetries"/> times, then the cycle ends as failed.</summary>
    Retry,

    /// <summary>The cycle ends as failed and escalates at once.</summary>
    Escalate,

    /// <summary>The cycle goes on with the next stage; the failure stays on record.</summary>
    Continue,

    /// <summary>The cycle ends as failed. Several such cycles in a row escalate, as failed runs do.</summary>
    Stop,
}
