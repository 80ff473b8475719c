namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>What came of planning a run: one that can be added, or why there is none.</summary>
internal abstract record RunPlan
{
    private RunPlan() { }

    /// <summary>A run that can be added.</summary>
    /// <param name="Run">The run; the store does not know it yet.</param>
    /// <param name="Why">Its first decision.</param>
    public sealed record Accepted(Run Run, string Why) : RunPlan;

    /// <summary>No run.</summary>
    /// <param name="Reason">Why, in words.</param>
    public sealed record Refused(string Reason) : RunPlan;
}
