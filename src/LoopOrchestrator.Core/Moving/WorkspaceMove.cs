using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Storage;

namespace LoopOrchestrator.Core.Moving;

/// <summary>A workspace as one file: to keep a copy, and to go on elsewhere.</summary>
public sealed class WorkspaceMove
{
    private readonly WorkspaceExport _export;
    private readonly WorkspaceImport _import;
    private readonly Action _ring;

    internal WorkspaceMove(WorkspacePaths paths, IStateTransfer state, TimeProvider time, Action ring)
    {
        _export = new WorkspaceExport(paths, state, time);
        _import = new WorkspaceImport(paths, state, time);
        _ring = ring;
    }

    /// <summary>Writes everything into a file that is not there yet. Servers go on meanwhile. When this returns, it is on disk.</summary>
    /// <exception cref="UserErrorException">It cannot be written; then there is none.</exception>
    public Task<ExportedWorkspace> ExportAsync(string file, CancellationToken cancellationToken = default) =>
        _export.WriteAsync(Path.GetFullPath(file), cancellationToken);

    /// <summary>Reads an export and compares it with what is here; nothing is changed.</summary>
    /// <exception cref="UserErrorException">It cannot be used.</exception>
    public Task<ImportPlan> ReadAsync(string file, CancellationToken cancellationToken = default) =>
        _import.ReadAsync(Path.GetFullPath(file), cancellationToken);

    /// <summary>
    /// Puts what is recorded in an export in the place of what is recorded here, and each of its files in the place of the one of its name;
    /// all other files stay. Servers go on with it at once. When this returns, it is on disk.
    /// </summary>
    /// <exception cref="UserErrorException">It cannot be.</exception>
    public async Task ImportAsync(ImportPlan plan, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        await _import.ApplyAsync(plan, cancellationToken);
        _ring();
    }
}
