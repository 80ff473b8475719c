using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Mcp.Tools.Workflows;

/// <summary>A gate or a sync command.</summary>
internal sealed record WorkflowPlanCommandResult(string Name, IReadOnlyList<string> Command, int ExitCode, int TimeoutSeconds)
{
    public static WorkflowPlanCommandResult From(WorkflowCommand command) =>
        new(command.Name, command.Command, command.ExitCode, command.TimeoutSeconds);
}
