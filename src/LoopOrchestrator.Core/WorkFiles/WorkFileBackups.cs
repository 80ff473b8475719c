using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.WorkFiles;

/// <summary>
/// What files of the workspace held before a client changed them, or when it asked for a backup: a folder for each in
/// <c>.loop/backups/files</c>, named by its id, with the content and a description. The description is written last, and without it a
/// folder is no backup. Writing is for whoever holds the lock of <see cref="WorkFileWriter"/>.
/// </summary>
internal sealed partial class WorkFileBackups(WorkspacePaths paths, TimeProvider time)
{
    /// <summary>How many are kept of one file.</summary>
    public const int MaxOfFile = 20;

    /// <summary>How many are kept of all files, beside the newest of each.</summary>
    public const int MaxOfAll = 500;

    // No count of ours gets there. What has a higher number was put there by others, and must not make ours run out.
    private const int MaxNumber = 900_000_000;

    private const string ContentName = "content";
    private const string DescriptionName = "backup.json";
    private const long MaxDescription = 16 * 1024;

    private readonly string _folder = Path.Combine(paths.Backups, "files");

    /// <summary>
    /// Keeps a content of a file. When this returns, it is on disk. Where the newest backup of the file is the same, that one is meant.
    /// </summary>
    /// <exception cref="UserErrorException">It could not be kept, so nothing may be replaced.</exception>
    public WorkFileBackup Keep(WorkFilePath file, byte[] content)
    {
        try
        {
            StateFolder.Ensure(paths);
            GuardedFolder.Create(_folder);
            var all = Numbered();
            var key = KeyOf(file.Relative);
            var same = all.Where(one => one.Key == key).ToList();
            var digest = WorkFileText.Digest(content);
            if (same.Count > 0 && Describe(same[^1].Id) is { } newest && newest.Sha256 == digest && newest.Path == file.Relative)
            {
                return newest;
            }

            var number = all.Count == 0 ? 1 : all[^1].Number + 1;
            if (number > MaxNumber)
            {
                throw new UserErrorException(
                    $"The content of {file.Relative} could not be kept, so nothing was changed: the folder "
                        + $".loop/backups/files/{all[^1].Id} has a number too high to count on, and is none of ours. "
                        + "Move it to another place, then repeat the call."
                );
            }

            var now = time.GetUtcNow();
            var id = string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{key}-{number}");
            var folder = Path.Combine(_folder, id);
            GuardedFolder.Create(folder);
            var backup = new WorkFileBackup(id, file.Relative, digest, content.Length, now);
            DurableFile.Replace(Path.Combine(folder, ContentName), content, permissionsOf: file.Guarded.FullPath);
            DurableFile.Replace(
                Path.Combine(folder, DescriptionName),
                JsonSerializer.SerializeToUtf8Bytes(backup, WorkFileBackupJson.Default.WorkFileBackup)
            );
            DirectorySync.Flush(_folder);
            RemoveOldest(all, same, key);
            return backup;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"The content of {file.Relative} could not be kept in .loop/backups/files ({exception.Message}), so nothing was changed. "
                    + "Check permissions and free space there, then repeat the call.",
                exception
            );
        }
    }

    /// <summary>The backups of a file, the newest first.</summary>
    public IReadOnlyList<WorkFileBackup> Of(WorkFilePath file)
    {
        var key = KeyOf(file.Relative);
        return
        [
            .. Numbered()
                .Where(one => one.Key == key)
                .Reverse()
                .Select(one => Describe(one.Id))
                .OfType<WorkFileBackup>()
                .Where(backup => backup.Path == file.Relative),
        ];
    }

    /// <summary>A backup with its content, which is as it was kept.</summary>
    /// <exception cref="UserErrorException">There is none of this id, or its content has changed.</exception>
    public (WorkFileBackup Backup, byte[] Content) Read(string id)
    {
        var backup = (Form().IsMatch(id) ? Describe(id) : null)
            ?? throw new UserErrorException($"There is no backup '{id}'. list_files with backups_of names those of a file.");
        byte[]? content;
        try
        {
            content = DurableFile.ReadOrNull(ContentOf(id), WorkFileText.MaxBytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The backup '{id}' cannot be read ({exception.Message}). Nothing was changed.", exception);
        }

        return content is not null && WorkFileText.Digest(content) == backup.Sha256
            ? (backup, content)
            : throw new UserErrorException(
                $"The backup '{id}' does not hold any more what was kept in it, so it is not restored. Choose another one of {backup.Path}."
            );
    }

    /// <summary>Where the content of a backup is.</summary>
    public string ContentOf(string id) => Path.Combine(_folder, id, ContentName);

    private static string KeyOf(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..8];

    private WorkFileBackup? Describe(string id)
    {
        try
        {
            return
                DurableFile.ReadOrNull(Path.Combine(_folder, id, DescriptionName), MaxDescription) is { } description
                && JsonSerializer.Deserialize(description, WorkFileBackupJson.Default.WorkFileBackup) is { Path: not null } backup
                ? backup with
                {
                    Id = id,
                }
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    // Oldest first, by number: a clock that was set back must not make the newest look like the oldest.
    private List<(string Id, string Key, int Number)> Numbered()
    {
        try
        {
            return
            [
                .. GuardedFolder
                    .Folders(_folder)
                    .Select(static folder => Form().Match(Path.GetFileName(folder)))
                    .Where(static match => match.Success)
                    .Select(static match =>
                        (match.Value, match.Groups["key"].Value, int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture))
                    )
                    .Where(static one => one.Item3 <= MaxNumber)
                    .OrderBy(static one => one.Item3),
            ];
        }
        catch (LinkRefusedException exception)
        {
            throw new UserErrorException($"{exception.Message}. Nothing was read or written through it.", exception);
        }
    }

    private void RemoveOldest(List<(string Id, string Key, int Number)> all, List<(string Id, string Key, int Number)> ofFile, string key)
    {
        // One of the places is for the backup that was just made. Changes of many files must leave none of them without its last one.
        var newest = all.Where(one => one.Key != key)
            .GroupBy(static one => one.Key, StringComparer.Ordinal)
            .Select(static ofOne => ofOne.Last().Id);
        var old = ofFile
            .SkipLast(MaxOfFile - 1)
            .Concat(all.SkipLast(MaxOfAll - 1))
            .Select(static one => one.Id)
            .Except(newest, StringComparer.Ordinal);
        foreach (var id in old)
        {
            try
            {
                GuardedFolder.Delete(Path.Combine(_folder, id));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // One backup too many harms nobody.
            }
        }
    }

    [GeneratedRegex(
        @"\A[0-9]{8}T[0-9]{6}Z-(?<key>[0-9a-f]{8})-(?<number>[0-9]{1,9})\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex Form();
}
