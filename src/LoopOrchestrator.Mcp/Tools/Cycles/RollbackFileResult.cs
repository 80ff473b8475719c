using System.Text.Json;
using LoopOrchestrator.Core.Checkpoints;

namespace LoopOrchestrator.Mcp.Tools.Cycles;

/// <summary>What a rollback does with one file.</summary>
internal sealed record RollbackFileResult(string Path, string Action, string? Reason)
{
    public static RollbackFileResult From(RollbackItem item) => new(item.Path, Name(item.Action), item.Reason);

    public static string Name(RollbackAction action) => JsonNamingPolicy.SnakeCaseLower.ConvertName(action.ToString());
}
