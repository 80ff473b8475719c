using System.Globalization;
using System.Text;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Secrets;

namespace LoopOrchestrator.Core.WorkFiles;

/// <summary>
/// Writes files of a workspace, whole or not at all. What is replaced is kept first. Processes of ours take turns by one lock; whoever
/// takes none is noticed up to the moment of the rename. Safe for many threads.
/// </summary>
internal sealed class WorkFileWriter(WorkspacePaths paths, WorkFileBackups backups, Redactor redactor)
{
    /// <summary>What stands in a text of <c>read_file</c> in the place of a credential.</summary>
    public const string Redacted = "[redacted:";

    private const string NothingWritten = "Nothing was written.";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Called between the last look at the old file and the rename: the moment that cannot be closed. For tests.</summary>
    internal Action? BeforeReplace { get; set; }

    /// <summary>Writes or extends a file; folders on the way are made.</summary>
    /// <param name="text">The file, as it was given.</param>
    /// <param name="content">The text.</param>
    /// <param name="append">Whether it stands behind what there is.</param>
    /// <param name="expected">The digest of what has to be there; empty where there must be no file yet.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <exception cref="UserErrorException">It was not written.</exception>
    public async Task<WorkFileWritten> WriteAsync(
        string text,
        string content,
        bool append,
        string? expected,
        CancellationToken cancellationToken
    )
    {
        var path = WorkFilePath.ToWrite(paths, text);
        var added = Encode(content);
        using var _ = await LockAsync(cancellationToken);
        var old = WorkFileText.ReadOrNull(path);
        Compare(path, old, expected);
        if (!append && old is not null && LosesWhatWasHidden(old, content))
        {
            throw new UserErrorException(
                $"content holds '{Redacted}…]', which stands for a credential that read_file did not show: writing it would lose the "
                    + $"credential of {path.Relative}. {NothingWritten} Let a person make that change."
            );
        }

        var whole = append && old is not null ? [.. old, .. added] : added;
        if (whole.Length > WorkFileText.MaxBytes)
        {
            throw new UserErrorException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path.Relative} would have {whole.Length:N0} bytes, and {WorkFileText.MaxBytes:N0} are the most. {NothingWritten}"
                )
            );
        }

        return Replace(path, old, whole, permissionsOf: null);
    }

    /// <summary>Brings back what a file held, and keeps what it holds now.</summary>
    /// <param name="id">The backup.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <exception cref="UserErrorException">It was not brought back.</exception>
    public async Task<WorkFileWritten> RestoreAsync(string id, CancellationToken cancellationToken)
    {
        using var _ = await LockAsync(cancellationToken);
        var (backup, content) = backups.Read(id);
        var path = WorkFilePath.ToWrite(paths, backup.Path);
        var old = WorkFileText.ReadOrNull(path);
        return Replace(path, old, content, old is null ? backups.ContentOf(id) : null);
    }

    /// <summary>Keeps what a file holds now.</summary>
    /// <param name="text">The file, as it was given.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <exception cref="UserErrorException">It cannot be read or kept.</exception>
    public async Task<WorkFileBackup> BackUpAsync(string text, CancellationToken cancellationToken)
    {
        var path = WorkFilePath.File(paths, text);
        using var _ = await LockAsync(cancellationToken);
        return backups.Keep(path, WorkFileText.Read(path));
    }

    private WorkFileWritten Replace(WorkFilePath path, byte[]? old, byte[] content, string? permissionsOf)
    {
        var digest = WorkFileText.Digest(content);
        if (old is not null && old.AsSpan().SequenceEqual(content))
        {
            return new WorkFileWritten(path.Relative, content.Length, digest, IsNew: false, IsChanged: false, Backup: null);
        }

        try
        {
            if (path.Segments.Count > 1)
            {
                GuardedFolder.CreateBelow(paths.Root, Path.GetDirectoryName(path.Guarded.FullPath)!);
            }

            var backup = old is null ? null : backups.Keep(path, old);
            DurableFile.Replace(
                path.Guarded,
                content,
                () =>
                {
                    if (!Same(old, WorkFileText.ReadOrNull(path)))
                    {
                        throw new UserErrorException(
                            $"{path.Relative} was changed by another program meanwhile. {NothingWritten} Read it again and repeat the call."
                        );
                    }

                    BeforeReplace?.Invoke();
                },
                permissionsOf
            );
            return new WorkFileWritten(path.Relative, content.Length, digest, old is null, IsChanged: true, backup);
        }
        catch (LinkRefusedException exception)
        {
            throw WorkFileText.CannotRead(path, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"{path.Relative} could not be written ({Reason(exception)}); it is as it was. Check permissions and free space, then "
                    + "repeat the call.",
                exception
            );
        }
    }

    private async ValueTask<FileLock> LockAsync(CancellationToken cancellationToken)
    {
        StateFolder.Ensure(paths);
        return await FileLock.AcquireAsync(Path.Combine(paths.Locks, "files.lock"), cancellationToken: cancellationToken);
    }

    private static void Compare(WorkFilePath path, byte[]? old, string? expected)
    {
        if (expected is null)
        {
            return;
        }

        if (expected.Length == 0 && old is not null)
        {
            throw new UserErrorException(
                $"{path.Relative} is there already, and expected_sha256 is empty, which means that it must not be. {NothingWritten}"
            );
        }

        if (expected.Length > 0 && (old is null || !expected.Equals(WorkFileText.Digest(old), StringComparison.OrdinalIgnoreCase)))
        {
            throw new UserErrorException(
                $"{path.Relative} {(old is null ? "is not there" : "does not hold what expected_sha256 says")}: somebody changed it. "
                    + $"{NothingWritten} Read it again."
            );
        }
    }

    private static byte[] Encode(string content)
    {
        try
        {
            return Strict.GetBytes(content);
        }
        catch (EncoderFallbackException exception)
        {
            throw new UserErrorException($"content holds half a character, which no file can hold. {NothingWritten}", exception);
        }
    }

    // A file may hold such marks of its own, and a text about them may be written; more of them than it held stand for credentials.
    private bool LosesWhatWasHidden(byte[] old, string content) =>
        CountMarks(content) is > 0 and var marks
        && WorkFileText.DecodeOrNull(old) is { } text
        && CountMarks(text) is var held
        && marks > held
        && CountMarks(redactor.Redact(text)) > held;

    private static int CountMarks(string text) => text.AsSpan().Count(Redacted);

    // The kernel's reasons name the path on this machine.
    private static string Reason(Exception exception) =>
        exception is UnauthorizedAccessException ? "the server's user may not" : "the disk refuses it, or a part of the way is no folder";

    private static bool Same(byte[]? left, byte[]? right) =>
        left is null ? right is null : right is not null && left.AsSpan().SequenceEqual(right);
}
