using LoopOrchestrator.Core.WorkFiles;

namespace LoopOrchestrator.Mcp.Tools.Files;

/// <summary>The answer of <c>read_file</c>.</summary>
internal sealed record ReadFileResult(
    string Path,
    int FirstLine,
    int LastLine,
    int Lines,
    long Bytes,
    string Sha256,
    string? NextCursor,
    string? Note,
    string FileText
)
{
    public static ReadFileResult From(WorkFilePage page) =>
        new(
            page.Path,
            page.FirstLine,
            page.LastLine,
            page.Lines,
            page.Bytes,
            page.Sha256,
            page.NextCursor,
            page.IsRedacted ? "What looks like a credential was taken out, so this is not all that the file holds." : null,
            page.Text
        );
}
