using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Mcp.Info;

/// <summary>Judges the content of one of the workspace's files for <c>--info</c>. Reads, and changes nothing.</summary>
/// <param name="PathIn">The file, as <see cref="WorkspacePaths"/> names it.</param>
/// <param name="InspectAsync">Asked only for a file that exists and can be read.</param>
internal sealed record FileInspector(
    Func<WorkspacePaths, string> PathIn,
    Func<WorkspacePaths, ValueTask<IReadOnlyList<Diagnostic>>> InspectAsync
);
