namespace LoopOrchestrator.Core.Escalations;

/// <summary>What the end of a run says about the step that it belongs to.</summary>
internal enum StepEnd
{
    /// <summary>Nothing.</summary>
    SaysNothing,

    /// <summary>It works: the count of failures begins anew.</summary>
    Succeeded,

    /// <summary>It failed once more.</summary>
    Failed,
}
