using System.ComponentModel;
using LoopOrchestrator.Core;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Board;

/// <summary>
/// The tool that shows the board. One client draws no page for a tool that carries any annotation, so this one carries none:
/// <see cref="ToolClass.OfApp"/> takes off what comes of the title.
/// </summary>
[McpServerToolType]
internal sealed class BoardTools(Workspace workspace)
{
    [McpServerTool(Name = BoardApp.ToolName, Title = "Show the board", UseStructuredContent = true)]
    [Description(
        "Shows a person how the workspace stands, as a page where the client can draw one: questions of runs to answer, stopped steps to "
            + "let go on, what runs, waits, failed and is due. Changes nothing. For your own work call get_status."
    )]
    public async Task<BoardResult> ShowBoardAsync(CancellationToken cancellationToken) =>
        BoardResult.From(await workspace.Status.ReadAsync(cancellationToken), workspace.Paths.Root, workspace.Time.GetUtcNow());
}
