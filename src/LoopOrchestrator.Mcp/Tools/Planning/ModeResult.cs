using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Modes;

namespace LoopOrchestrator.Mcp.Tools.Planning;

/// <summary>A mode as tools show it.</summary>
internal sealed record ModeResult(
    string Slug,
    string Name,
    string? Stage,
    string? WhenToUse,
    IReadOnlyList<string> Groups,
    string Agent,
    string Source
)
{
    public static string? StageName(Stage? stage) => stage?.ToString().ToLowerInvariant();

    public static ModeResult From(Workspace workspace, Mode mode) =>
        new(
            mode.Slug,
            mode.Name,
            StageName(mode.Stage),
            mode.WhenToUse,
            mode.Groups.Select(static group => group.FileRegex is null ? group.Name : $"{group.Name} ({group.FileRegex})").ToList(),
            workspace.Agents.Resolve(mode.Slug, chosen: null).Agent.Name,
            mode.Source == ModeSource.BuiltIn ? "built_in" : "workspace"
        );
}
