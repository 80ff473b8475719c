namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>By what a run was started.</summary>
public enum RunOrigin
{
    /// <summary>Somebody asked for it: by <c>run_mode</c>, <c>run</c> or <c>cycles start</c>.</summary>
    Request,

    /// <summary>A due moment of its schedule.</summary>
    Schedule,

    /// <summary>Somebody started its schedule's work by hand.</summary>
    Trigger,

    /// <summary>A run, for a part of its work.</summary>
    Run,

    /// <summary>A cycle, as one of its steps.</summary>
    Cycle,
}
