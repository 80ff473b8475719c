using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>The workflows of a workspace by name. Immutable.</summary>
public sealed class WorkflowCatalog(IReadOnlyDictionary<string, WorkflowDefinition> workflows)
{
    /// <summary>All of them: the default one first, the others by name.</summary>
    public IReadOnlyList<WorkflowDefinition> All { get; } =
    [
        .. workflows
            .Values.OrderBy(static workflow => workflow.Name != WorkflowDefinition.DefaultName)
            .ThenBy(static workflow => workflow.Name, StringComparer.Ordinal),
    ];

    /// <summary>The workflow of that name.</summary>
    /// <exception cref="UserErrorException">There is none; the message names those that there are.</exception>
    public WorkflowDefinition Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return workflows.GetValueOrDefault(name)
            ?? throw new UserErrorException(
                "There is no workflow "
                    + $"'{name}'{(NearestName.Find(name, workflows.Keys) is { } nearest ? $"; '{nearest}' is nearest" : "")}"
                    + $". Workflows here: {string.Join(", ", All.Select(static workflow => workflow.Name))}. Others are "
                    + "added under \"workflows\" in mcp_startup.json."
            );
    }
}
