using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Git;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Workflows.Planning;

/// <summary>What keeps cycles of a workspace's workflows from being begun, or will trouble them.</summary>
internal sealed class WorkflowDiagnostics(
    WorkspacePaths paths,
    IReadOnlyList<WorkflowDefinition> workflows,
    ModeFile modes,
    AgentCatalog agents
)
{
    /// <summary>With the modes as they are now.</summary>
    public IReadOnlyList<Diagnostic> Current
    {
        get
        {
            var whyNoGit = GitFolder.WhyNone(paths.Root);
            return
            [
                .. workflows.SelectMany(workflow => WorkflowCheck.Check(workflow, modes.Catalog, agents, "mcp_startup.json", whyNoGit)),
            ];
        }
    }
}
