using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>What <c>workflows list --json</c> prints.</summary>
/// <param name="Workflows">The workflows.</param>
/// <param name="Findings">What keeps them from being begun, or will trouble them.</param>
internal sealed record WorkflowsAnswer(IReadOnlyList<WorkflowsAnswer.Outline> Workflows, IReadOnlyList<string> Findings)
{
    public static WorkflowsAnswer From(IEnumerable<WorkflowDefinition> workflows, IReadOnlyList<Diagnostic> findings) =>
        new(
            [
                .. workflows.Select(static one => new Outline(
                    one.Name,
                    ReferenceEquals(one, BuiltInWorkflow.Default),
                    one.Stages.Sum(static stage => stage.Steps.Count),
                    one.Stages.Sum(static stage => stage.Gates.Count),
                    [.. one.Stages.Select(static stage => stage.Name)]
                )),
            ],
            [.. findings.Select(static finding => finding.ToString())]
        );

    /// <summary>A workflow.</summary>
    internal sealed record Outline(string Name, bool BuiltIn, int Steps, int Gates, IReadOnlyList<string> Stages);
}
