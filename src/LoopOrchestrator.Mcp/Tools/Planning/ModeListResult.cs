using LoopOrchestrator.Core;

namespace LoopOrchestrator.Mcp.Tools.Planning;

/// <summary>The answer of <c>list_modes</c>.</summary>
internal sealed record ModeListResult(IReadOnlyList<ModeResult> Modes, IReadOnlyList<string> Findings)
{
    /// <param name="workspace">The workspace.</param>
    /// <param name="stage">Only modes of this stage; all when not given.</param>
    public static ModeListResult From(Workspace workspace, string? stage) =>
        new(
            workspace
                .Modes.Catalog.All.Where(mode => stage is null || ModeResult.StageName(mode.Stage) == stage)
                .Select(mode => ModeResult.From(workspace, mode))
                .ToList(),
            workspace.Modes.Diagnostics.Select(static diagnostic => diagnostic.ToString()).ToList()
        );
}
