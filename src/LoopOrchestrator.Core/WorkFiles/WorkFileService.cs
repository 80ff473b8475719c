using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Secrets;

namespace LoopOrchestrator.Core.WorkFiles;

/// <summary>
/// The files of a workspace for its clients: read, listed and searched in pages, written whole with what was there kept. Nothing outside
/// the workspace, nothing by a link, nothing of git or of the loop's state, no file of credentials. Safe for many threads.
/// </summary>
public sealed class WorkFileService
{
    private readonly WorkspacePaths _paths;
    private readonly WorkFileReader _reader;
    private readonly WorkFileLister _lister;
    private readonly WorkFileBackups _backups;

    internal WorkFileService(WorkspacePaths paths, Redactor redactor, TimeProvider time)
    {
        _paths = paths;
        _backups = new WorkFileBackups(paths, time);
        _reader = new WorkFileReader(paths, redactor);
        _lister = new WorkFileLister(paths);
        Search = new WorkFileSearch(paths, redactor, time);
        Writer = new WorkFileWriter(paths, _backups, redactor);
    }

    internal WorkFileSearch Search { get; init; }

    internal WorkFileWriter Writer { get; }

    /// <summary>Reads a page of a text file.</summary>
    /// <param name="path">The file, relative to the workspace.</param>
    /// <param name="fromLine">Where to begin, from 1, where there is no cursor.</param>
    /// <param name="cursor">Of the page before.</param>
    /// <param name="cost">How much of a page a text takes: no less than its characters.</param>
    /// <param name="most">How much a page holds.</param>
    /// <exception cref="UserErrorException">It cannot be read, or is no text.</exception>
    public WorkFilePage Read(string path, int fromLine, string? cursor, Func<string, int> cost, int most) =>
        _reader.Read(path, fromLine, cursor, cost, most);

    /// <summary>Lists a page of what stands in a folder and below it.</summary>
    /// <param name="folder">The folder; <see langword="null"/> for the workspace's.</param>
    /// <param name="name">Only files of this name, with <c>*</c> and <c>?</c>.</param>
    /// <param name="depth">How many levels of folders.</param>
    /// <param name="cursor">Of the page before.</param>
    /// <param name="cost">How much of a page an entry takes.</param>
    /// <param name="most">How much a page holds.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="UserErrorException">The folder cannot be read, or an argument is none.</exception>
    public WorkFileList List(
        string? folder,
        string? name,
        int depth,
        string? cursor,
        Func<WorkFileRow, int> cost,
        int most,
        CancellationToken cancellationToken
    ) => _lister.List(folder, name, depth, cursor, cost, most, cancellationToken);

    /// <summary>The backups of a file, the newest first.</summary>
    /// <exception cref="UserErrorException">The path is none.</exception>
    public IReadOnlyList<WorkFileBackup> BackupsOf(string path) => _backups.Of(WorkFilePath.File(_paths, path));

    /// <summary>Finds a page of lines that hold an expression.</summary>
    /// <param name="pattern">The regular expression.</param>
    /// <param name="folder">The folder; <see langword="null"/> for the workspace's.</param>
    /// <param name="name">Only files of this name, with <c>*</c> and <c>?</c>.</param>
    /// <param name="ignoreCase">Whether large and small letters are the same.</param>
    /// <param name="cursor">Of the page before.</param>
    /// <param name="cost">How much of a page a line takes.</param>
    /// <param name="most">How much a page holds.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="UserErrorException">An argument is none, the folder cannot be read, or the expression takes too long.</exception>
    public WorkFileHits Find(
        string pattern,
        string? folder,
        string? name,
        bool ignoreCase,
        string? cursor,
        Func<WorkFileHit, int> cost,
        int most,
        CancellationToken cancellationToken
    ) => Search.Find(pattern, folder, name, ignoreCase, cursor, cost, most, cancellationToken);

    /// <summary>Writes or extends a file, and keeps what it held.</summary>
    /// <param name="path">The file; folders on the way are made.</param>
    /// <param name="content">The text.</param>
    /// <param name="append">Whether it stands behind what there is.</param>
    /// <param name="expected">The digest of what has to be there; empty where there must be no file yet.</param>
    /// <param name="cancellationToken">Ends the wait for other writers.</param>
    /// <exception cref="UserErrorException">It was not written.</exception>
    public Task<WorkFileWritten> WriteAsync(
        string path,
        string content,
        bool append,
        string? expected,
        CancellationToken cancellationToken
    ) => Writer.WriteAsync(path, content, append, expected, cancellationToken);

    /// <summary>Keeps what a file holds now.</summary>
    /// <exception cref="UserErrorException">It cannot be read or kept.</exception>
    public Task<WorkFileBackup> BackUpAsync(string path, CancellationToken cancellationToken) =>
        Writer.BackUpAsync(path, cancellationToken);

    /// <summary>Brings back what a file held, and keeps what it holds now.</summary>
    /// <param name="id">The backup.</param>
    /// <param name="cancellationToken">Ends the wait for other writers.</param>
    /// <exception cref="UserErrorException">It was not brought back.</exception>
    public Task<WorkFileWritten> RestoreAsync(string id, CancellationToken cancellationToken) => Writer.RestoreAsync(id, cancellationToken);
}
