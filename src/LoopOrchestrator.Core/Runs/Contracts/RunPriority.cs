namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>What a run was started for; lower values start first.</summary>
public enum RunPriority
{
    /// <summary>Due work of a schedule. Its start row must be on disk before any work, or the run is not started.</summary>
    Schedule,

    /// <summary>An item of the plan.</summary>
    Todo,

    /// <summary>Anything else.</summary>
    Normal,
}
