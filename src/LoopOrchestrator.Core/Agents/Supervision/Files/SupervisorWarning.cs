namespace LoopOrchestrator.Core.Agents.Supervision.Files;

/// <summary>
/// The supervised program is close to its time limit; on disk, so that it is known later even where no server was alive then.
/// </summary>
/// <param name="At">When it came close.</param>
internal sealed record SupervisorWarning(DateTimeOffset At);
