using System.Globalization;
using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Files;

/// <summary>
/// What our changes replaced of one shared file: a file for each change in <c>.loop/backups/&lt;file name&gt;/</c>, named by UTC time and a
/// running number, the newest <see cref="MaxKept"/> of them. Only for whoever holds the lock of that file.
/// </summary>
/// <param name="paths">The workspace.</param>
/// <param name="path">The file whose content is kept.</param>
/// <param name="time">The clock for names.</param>
internal sealed class FileBackups(WorkspacePaths paths, string path, TimeProvider time)
{
    /// <summary>How many are kept of one file.</summary>
    public const int MaxKept = 20;

    private readonly string _folder = Path.Combine(paths.Backups, Path.GetFileName(path));

    /// <summary>Keeps bytes that are about to be replaced, with the file's permissions. When this returns, they are on disk.</summary>
    /// <returns>The path of the backup.</returns>
    /// <exception cref="UserErrorException">They could not be kept, so nothing may be replaced.</exception>
    public string Keep(ReadOnlySpan<byte> replaced)
    {
        try
        {
            WorkspaceBounds.Check(paths, _folder);
            CreateFolder();
            var kept = Numbered();
            var number = kept.Count == 0 ? 1 : kept[^1].Number + 1;
            var backup = Path.Combine(
                _folder,
                string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow().UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{number}")
            );
            DurableFile.Replace(backup, replaced, permissionsOf: path);
            RemoveOldest(kept);
            return backup;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"The content of {path} could not be kept in {_folder} before changing it ({exception.Message}), so it was not changed. "
                    + "Check permissions and free space there, then repeat the call.",
                exception
            );
        }
    }

    /// <summary>Takes a backup back whose change did not come about.</summary>
    public static void Discard(string backup)
    {
        try
        {
            GuardedFile.Delete(backup);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // One backup too many harms nobody.
        }
    }

    private void CreateFolder()
    {
        if (!GuardedFolder.Exists(_folder))
        {
            GuardedFolder.Create(_folder);
            DirectorySync.Flush(paths.Backups);
            DirectorySync.Flush(paths.State);
        }
    }

    // Oldest first, by number: a clock that was set back must not make the newest look like the oldest.
    private List<(int Number, string Path)> Numbered() =>
        [
            .. GuardedFolder
                .Files(_folder)
                .Select(static file => (Number: NumberOf(Path.GetFileName(file)), Path: file))
                .Where(static file => file.Number > 0)
                .OrderBy(static file => file.Number),
        ];

    private static int NumberOf(string name) =>
        name.LastIndexOf('-') is var dash and > 0
        && int.TryParse(name.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;

    // One of the places is for the backup that was just made.
    private static void RemoveOldest(List<(int Number, string Path)> kept)
    {
        foreach (var (_, old) in kept.SkipLast(MaxKept - 1))
        {
            Discard(old);
        }
    }
}
