using LoopOrchestrator.Core.WorkFiles;

namespace LoopOrchestrator.Mcp.Tools.Files;

/// <summary>The answer of <c>write_file</c> and <c>restore_file</c>.</summary>
/// <param name="Path">From the workspace's folder on.</param>
/// <param name="Bytes">How many it has now.</param>
/// <param name="Sha256">The digest of what it holds now.</param>
/// <param name="Created">Whether there was no such file.</param>
/// <param name="Changed">Whether anything is different now.</param>
/// <param name="BackupId">What it held before, for <c>restore_file</c>.</param>
internal sealed record FileWrittenResult(string Path, long Bytes, string Sha256, bool Created, bool Changed, string? BackupId)
{
    public static FileWrittenResult From(WorkFileWritten written) =>
        new(written.Path, written.Bytes, written.Sha256, written.IsNew, written.IsChanged, written.Backup?.Id);
}
