using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Workflows.Planning;

/// <summary>What a step of a workflow would be.</summary>
/// <param name="Step">The step.</param>
/// <param name="Task">Its task, with what is known put in.</param>
public sealed record PlannedStep(WorkflowStep Step, string Task)
{
    /// <summary>
    /// Its mode and why; <see langword="null"/> where the task decides that and is not known, or where <see cref="Problem"/> says why there
    /// is none.
    /// </summary>
    public ModeChoice? Choice { get; init; }

    /// <summary>
    /// The modes that the task will choose from, in the order that decides among equals; none where <see cref="Choice"/> is there.
    /// </summary>
    public IReadOnlyList<Mode> Candidates { get; init; } = [];

    /// <summary>
    /// Its agent; <see langword="null"/> where that follows from a mode that is not chosen yet, or where <see cref="Problem"/> says why
    /// there is none.
    /// </summary>
    public AgentDefinition? Agent { get; init; }

    /// <summary>Why that agent.</summary>
    public string? WhyAgent { get; init; }

    /// <summary>Its time limit in seconds, unless the cycle has less left.</summary>
    public required int TimeoutSeconds { get; init; }

    /// <summary>Why it could not begin.</summary>
    public string? Problem { get; init; }
}
