using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Memory;

/// <summary>
/// The entries that left the memory: one file per month, with the same three sections. Written under the lock of the memory file only.
/// </summary>
/// <param name="paths">The workspace.</param>
internal sealed class MemoryArchive(WorkspacePaths paths)
{
    private const string Prefix = "archive-";

    /// <summary>The file of a month.</summary>
    public string FileOf(DateTimeOffset now) => Path.Combine(paths.MemoryArchive, $"{Prefix}{now.UtcDateTime:yyyy-MM}.md");

    /// <summary>
    /// Copies entries into the month's file; when this returns they are on disk. An entry that stands there already, because the
    /// process died before the memory was written or because that has to be tried again, is not copied twice.
    /// </summary>
    /// <returns>The file.</returns>
    /// <exception cref="UserErrorException">The file cannot be read or written.</exception>
    public string Add(MemoryDocument memory, IEnumerable<MemoryBlock> blocks, DateTimeOffset now)
    {
        var file = FileOf(now);
        try
        {
            GuardedFolder.Create(paths.MemoryArchive);
            var archive = MemoryDocument.Parse(DurableFile.ReadOrNull(file), paths.Display(file));
            if (archive.IsUtf16)
            {
                throw new IOException("it is in UTF-16; save it as UTF-8");
            }

            var isChanged = false;
            foreach (var section in blocks.GroupBy(block => block.Section))
            {
                isChanged |= archive.Copy(section.Key, memory, section);
            }

            if (isChanged)
            {
                DurableFile.RemoveLeftovers(file);
                DurableFile.Replace(file, archive.ToBytes());
                DirectorySync.Flush(paths.State);
            }

            return file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"The memory is full and its oldest entries could not be moved to {paths.Display(file)} "
                    + $"({exception.Message}); the memory is as it was. Check permissions and free space there, then repeat the call.",
                exception
            );
        }
    }

    /// <summary>All archived entries, the latest month first.</summary>
    /// <exception cref="UserErrorException">A file cannot be read.</exception>
    public IEnumerable<MemoryEntry> Read() =>
        Documents()
            .SelectMany(part =>
                part.Document.FindDecided().Select(block => part.Document.Describe(block, paths.Display(part.File), archived: true))
            );

    /// <summary>The archived documents, the latest month first.</summary>
    /// <exception cref="UserErrorException">A file cannot be read.</exception>
    public IEnumerable<(string File, MemoryDocument Document)> Documents() =>
        Files(paths)
            .Select(file => (file, MemoryDocument.Parse(new SharedFile(new SharedPath(paths, file, FileSizes.Own), "", () => { }).Read())));

    /// <summary>The files of the archive, the latest month first.</summary>
    /// <exception cref="UserErrorException">The folder cannot be read.</exception>
    public static IReadOnlyList<string> Files(WorkspacePaths paths)
    {
        try
        {
            return [.. GuardedFolder.Files(paths.MemoryArchive, Prefix + "*.md").OrderDescending(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"{paths.Display(paths.MemoryArchive)} cannot be read ({exception.Message}). Check that this user may read it.",
                exception
            );
        }
    }
}
