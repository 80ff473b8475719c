using LoopOrchestrator.Core.WorkFiles;

namespace LoopOrchestrator.Mcp.Tools.Files;

/// <summary>The answer of <c>list_files</c>: entries of a folder, or backups of a file.</summary>
internal sealed record FileListResult(
    IReadOnlyList<FileEntryResult>? Entries,
    IReadOnlyList<FileBackupResult>? Backups,
    string? NextCursor,
    string? Note
)
{
    public static FileListResult From(WorkFileList list) =>
        new(
            [.. list.Entries.Select(static row => new FileEntryResult(row.Path, row.Kind, row.Kind == "file" ? row.Bytes : null))],
            null,
            list.NextCursor,
            FileNote.Of(list.Unreadable, list.Cut)
        );

    public static FileListResult From(IReadOnlyList<WorkFileBackup> backups) =>
        new(null, [.. backups.Select(FileBackupResult.From)], null, null);
}
