using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Mcp.Tools.Calls;

/// <summary>Where the next page of a list of runs or cycles begins.</summary>
internal static class PageCursor
{
    /// <summary>Reads a cursor; nothing for the first page.</summary>
    /// <param name="cursor">What somebody gave.</param>
    /// <param name="list">The tool whose answers have such cursors, marked; see <see cref="Core.Text.ToolNames"/>.</param>
    /// <exception cref="UserErrorException">It is none of that list.</exception>
    public static RunPosition? Read(string? cursor, string list) =>
        cursor is null
            ? null
            : RunPosition.Parse(cursor)
                ?? throw new UserErrorException(
                    $"cursor '{cursor}' is not one of {list}. Give next_cursor of an earlier answer, or leave it out for the first page."
                );
}
