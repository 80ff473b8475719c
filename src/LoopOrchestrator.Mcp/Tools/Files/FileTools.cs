using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.WorkFiles;
using LoopOrchestrator.Mcp.Tools.Calls;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Files;

/// <summary>
/// The tools about files of the workspace, for clients that have none of their own. They are not served unless they are asked for by name.
/// </summary>
[McpServerToolType]
internal sealed class FileTools(Workspace workspace)
{
    private const int MaxContent = 512 * 1024;

    // Names of others may lie deeper than a path may be long that a client gives.
    private const int MaxCursor = 4200;

    // Room for what stands beside a page.
    private const int PageBytes = AnswerLimits.PageBytes - 1200;

    [McpServerTool(
        Name = "read_file",
        Title = "Read a file",
        ReadOnly = true,
        Destructive = false,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description(
        "Reads a text file of the workspace in pages of some 7 KB; next_cursor leads to the next one. Links, .git, .loop and files of "
            + "credentials are refused, and what looks like a credential is shown as [redacted:…]."
    )]
    public ReadFileResult ReadFile(
        [Description("From the workspace's folder on, as in src/app.cs."), StringLength(WorkFileLimits.Path, MinimumLength = 1)]
            string path,
        [Description("Where to begin."), Range(1, int.MaxValue)] int from_line = 1,
        [Description("next_cursor of the page before."), StringLength(MaxCursor)] string? cursor = null,
        CancellationToken cancellationToken = default
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ReadFileResult.From(workspace.Files.Read(path, from_line, cursor, Cost, PageBytes));
    }

    [McpServerTool(
        Name = "list_files",
        Title = "List files",
        ReadOnly = true,
        Destructive = false,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description(
        "Lists a folder of the workspace in the order of names, in pages; or the backups of a file, the newest first. Links are shown and "
            + "not followed."
    )]
    public FileListResult ListFiles(
        [Description("From the workspace's folder on; by default that folder."), StringLength(WorkFileLimits.Path)] string? folder = null,
        [Description("Only files of this name, as in *.cs."), StringLength(200)] string? name = null,
        [Description("How many levels of folders."), Range(1, 50)] int depth = 1,
        [Description("Instead: the backups of this file."), StringLength(WorkFileLimits.Path)] string? backups_of = null,
        [Description("next_cursor of the page before."), StringLength(MaxCursor)] string? cursor = null,
        CancellationToken cancellationToken = default
    ) =>
        backups_of is { Length: > 0 }
            ? FileListResult.From(workspace.Files.BackupsOf(backups_of))
            : FileListResult.From(
                workspace.Files.List(folder, name, depth, cursor, static row => Cost(row.Path) + 48, PageBytes, cancellationToken)
            );

    [McpServerTool(
        Name = "search_files",
        Title = "Search files",
        ReadOnly = true,
        Destructive = false,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description("Finds the lines of text files of the workspace that hold a regular expression, in pages, with file and line.")]
    public FileHitListResult SearchFiles(
        [Description("A regular expression of .NET, for one line."), StringLength(WorkFileLimits.Pattern, MinimumLength = 1)]
            string pattern,
        [Description("From the workspace's folder on; by default that folder."), StringLength(WorkFileLimits.Path)] string? folder = null,
        [Description("Only files of this name, as in *.cs."), StringLength(200)] string? name = null,
        [Description("Take large and small letters as the same.")] bool ignore_case = false,
        [Description("next_cursor of the page before."), StringLength(MaxCursor)] string? cursor = null,
        CancellationToken cancellationToken = default
    ) =>
        FileHitListResult.From(
            workspace.Files.Find(
                pattern,
                folder,
                name,
                ignore_case,
                cursor,
                static hit => Cost(hit.Path) + Cost(hit.Text) + 40,
                PageBytes,
                cancellationToken
            )
        );

    [McpServerTool(
        Name = "write_file",
        Title = "Write a file",
        ReadOnly = false,
        Destructive = true,
        Idempotent = false,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description(
        "Writes a text file of the workspace whole, or extends it; folders are made. It is on disk when this answers, and what was there "
            + "is kept: restore_file with backup_id brings it back. Files that say what is executed, and those with tools of their own, "
            + "are refused."
    )]
    public async Task<FileWrittenResult> WriteFileAsync(
        [Description("From the workspace's folder on, as in src/app.cs."), StringLength(WorkFileLimits.Path, MinimumLength = 1)]
            string path,
        [Description("The whole text, in UTF-8 without a byte order mark."), StringLength(MaxContent)] string content,
        [Description("Put it behind what is there.")] bool append = false,
        [Description("sha256 of read_file, to write over nobody's change; empty: there must be no file yet."), StringLength(64)]
            string? expected_sha256 = null,
        CancellationToken cancellationToken = default
    )
    {
        RefuseInRun(Environment.GetEnvironmentVariable(RunEnvironment.RunId));
        return FileWrittenResult.From(await workspace.Files.WriteAsync(path, content, append, expected_sha256, cancellationToken));
    }

    [McpServerTool(
        Name = "backup_file",
        Title = "Back a file up",
        ReadOnly = false,
        Destructive = false,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description(
        "Keeps what a file of the workspace holds now. write_file does so by itself. Up to 20 of a file are kept, the newest always."
    )]
    public async Task<FileBackupResult> BackupFileAsync(
        [Description("From the workspace's folder on."), StringLength(WorkFileLimits.Path, MinimumLength = 1)] string path,
        CancellationToken cancellationToken = default
    ) => FileBackupResult.From(await workspace.Files.BackUpAsync(path, cancellationToken));

    [McpServerTool(
        Name = "restore_file",
        Title = "Restore a file",
        ReadOnly = false,
        Destructive = true,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description("Brings back what a file of the workspace held, by the id of a backup. What it holds now is kept as one, too.")]
    public async Task<FileWrittenResult> RestoreFileAsync(
        [Description("Of write_file, backup_file or list_files."), StringLength(60, MinimumLength = 1)] string backup_id,
        CancellationToken cancellationToken = default
    )
    {
        RefuseInRun(Environment.GetEnvironmentVariable(RunEnvironment.RunId));
        return FileWrittenResult.From(await workspace.Files.RestoreAsync(backup_id, cancellationToken));
    }

    /// <summary>
    /// Refuses what changes files in a server that the agent of a run has started: what its mode lets it edit is held by the agent's own
    /// program, which knows nothing of this door.
    /// </summary>
    /// <exception cref="UserErrorException">There is such a run.</exception>
    private static void RefuseInRun(string? run)
    {
        if (!string.IsNullOrEmpty(run))
        {
            throw new UserErrorException(
                $"This server was started by the agent of {run}, whose mode says what it may edit. Nothing was written. Use the agent's "
                    + "own tools for files."
            );
        }
    }

    private static int Cost(string text) => JsonEncodedText.Encode(text).EncodedUtf8Bytes.Length;
}
