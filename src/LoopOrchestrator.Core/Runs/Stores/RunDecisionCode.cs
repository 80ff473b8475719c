namespace LoopOrchestrator.Core.Runs.Stores;

/// <summary>The kinds of decisions that something else depends on than their being read.</summary>
public enum RunDecisionCode
{
    /// <summary>The run went back into the queue, because the server that had taken it ended before it began.</summary>
    NeverBegun,

    /// <summary>A report was refused, because another one stood already.</summary>
    ReportRefused,
}
