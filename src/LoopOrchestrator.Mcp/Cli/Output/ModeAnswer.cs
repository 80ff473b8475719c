using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Mcp.Tools.Planning;

namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>What <c>modes show --json</c> prints: the mode as <c>list_modes</c> has it, and what its agent is told.</summary>
internal sealed record ModeAnswer(ModeResult Mode, string? Description, string RoleDefinition, string? CustomInstructions)
{
    public static ModeAnswer From(Workspace workspace, Mode mode) =>
        new(ModeResult.From(workspace, mode), mode.Description, mode.RoleDefinition, mode.CustomInstructions);
}
