using LoopOrchestrator.Core.WorkFiles;

namespace LoopOrchestrator.Mcp.Tools.Files;

/// <summary>The answer of <c>search_files</c>.</summary>
internal sealed record FileHitListResult(
    IReadOnlyList<FileHitResult> Hits,
    int SearchedFiles,
    int PassedOver,
    string? NextCursor,
    string? Note
)
{
    public static FileHitListResult From(WorkFileHits hits) =>
        new(
            [.. hits.Hits.Select(static hit => new FileHitResult(hit.Path, hit.Line, hit.Text))],
            hits.Searched,
            hits.NotSearched,
            hits.NextCursor,
            FileNote.Of(
                hits.Unreadable,
                hits.Cut,
                hits.NextCursor is null ? null : "There is more to search: give next_cursor as cursor, with the same arguments."
            )
        );
}
