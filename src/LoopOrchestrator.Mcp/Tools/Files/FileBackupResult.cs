using LoopOrchestrator.Core.WorkFiles;

namespace LoopOrchestrator.Mcp.Tools.Files;

/// <summary>What a file once held; the answer of <c>backup_file</c>.</summary>
internal sealed record FileBackupResult(string BackupId, string Path, long Bytes, string Sha256, DateTimeOffset MadeAt)
{
    public static FileBackupResult From(WorkFileBackup backup) => new(backup.Id, backup.Path, backup.Bytes, backup.Sha256, backup.MadeAt);
}
