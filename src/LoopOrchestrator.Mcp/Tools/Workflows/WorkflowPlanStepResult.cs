using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Planning;

namespace LoopOrchestrator.Mcp.Tools.Workflows;

/// <summary>
/// What a step of a workflow would be. Without <c>mode</c> it has <c>candidates</c>, which its task will choose from, or a <c>problem</c>.
/// </summary>
internal sealed record WorkflowPlanStepResult(
    string Name,
    string? Mode,
    string? Why,
    IReadOnlyList<string>? Candidates,
    string? Agent,
    string? AgentKind,
    string? WhyAgent,
    IReadOnlyList<string>? Command,
    string? Preset,
    string Task,
    int TimeoutSeconds,
    bool Isolated,
    string? Problem
)
{
    public static WorkflowPlanStepResult From(PlannedStep planned) =>
        new(
            planned.Step.Name,
            planned.Choice?.Mode.Slug,
            planned.Choice?.Why,
            planned.Candidates.Count > 0 ? planned.Candidates.Select(static mode => mode.Slug).ToList() : null,
            planned.Agent?.Name,
            planned.Agent?.Kind.Name(),
            planned.WhyAgent,
            planned.Agent is { Command.Count: > 0 } agent ? agent.Command : null,
            planned.Agent?.Preset,
            planned.Task,
            planned.TimeoutSeconds,
            planned.Step.Isolated,
            planned.Problem
        );
}
