using LoopOrchestrator.Core.Findings;
using LoopOrchestrator.Core.Workspaces;

namespace LoopOrchestrator.Mcp.Info;

/// <summary>Judges the content of one of the workspace's files for <c>--info</c>. Reads, and changes nothing.</summary>
internal interface IFileInspector
{
    /// <summary>The file, as <see cref="WorkspacePaths"/> names it.</summary>
    string PathIn(WorkspacePaths paths);

    /// <summary>Asked only for a file that exists and can be read.</summary>
    IReadOnlyList<Finding> Inspect(WorkspacePaths paths);
}
