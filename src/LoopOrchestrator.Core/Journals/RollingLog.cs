using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Journals;

/// <summary>
/// Lines that are kept below <c>.loop/logs</c>, in a file that begins anew when it has become too large; the older ones have numbers, and
/// the oldest goes. Processes that write the same one take turns. Not synced: it helps as long as the machine runs.
/// </summary>
/// <param name="paths">The workspace's files.</param>
/// <param name="name">What the files are called, without what comes behind a dot.</param>
/// <param name="maxBytes">The most of one file.</param>
/// <param name="kept">How many files there are at the most.</param>
public sealed class RollingLog(WorkspacePaths paths, string name, long maxBytes, int kept)
{
    /// <summary>The file that is written.</summary>
    public string CurrentFile => Older(0);

    private string Folder => Path.Combine(paths.State, "logs");

    /// <summary>The files that there are, the one that is written first.</summary>
    public IReadOnlyList<FileInfo> Files =>
        [.. Enumerable.Range(0, kept).Select(number => new FileInfo(Older(number))).Where(static file => file.Exists)];

    /// <summary>Why nothing could be appended now, as part of a sentence, or <see langword="null"/>; looked at without writing.</summary>
    public string? FindProblem()
    {
        if (WorkspaceAccess.FindRefusal(paths) is { } refusal)
        {
            return refusal;
        }

        if (GuardedPath.Of(CurrentFile).FindLink() is { } link)
        {
            return $"{paths.Display(link.Path)} is a link";
        }

        return Directory.Exists(CurrentFile) ? $"{paths.Display(CurrentFile)} is a folder"
            : File.Exists(Folder) ? $"{paths.Display(Folder)} is a file"
            : new[] { Folder, CurrentFile }.FirstOrDefault(static path => Path.Exists(path) && !WorkspaceAccess.CanWrite(path))
                is { } closed
                ? $"{paths.Display(closed)} cannot be written by this user"
            : null;
    }

    /// <summary>Appends whole lines.</summary>
    /// <exception cref="UserErrorException">Another process keeps the turn.</exception>
    /// <exception cref="IOException">They cannot be written; a workspace that was moved away is not made again.</exception>
    /// <exception cref="UnauthorizedAccessException">They may not be written.</exception>
    public async Task AppendAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellationToken = default)
    {
        if (!Directory.Exists(paths.State))
        {
            throw new DirectoryNotFoundException($"{paths.Display(paths.State)} is not there");
        }

        WorkspaceBounds.Check(paths, Folder);
        GuardedFolder.Create(Folder);
        GuardedFolder.Create(paths.Locks);
        using var turn = await FileLock.AcquireAsync(Path.Combine(paths.Locks, name), cancellationToken: cancellationToken);
        if (new FileInfo(CurrentFile) is { Exists: true, Length: > 0 and var length } && length + lines.Length > maxBytes)
        {
            MakeRoom();
        }

        using var file = GuardedFile.Open(CurrentFile, FileMode.OpenOrCreate, FileAccess.Write);
        var end = RandomAccess.GetLength(file);
        try
        {
            RandomAccess.Write(file, lines.Span, end);
        }
        catch (IOException)
        {
            // Half a line would be glued to the next one.
            RandomAccess.SetLength(file, end);
            throw;
        }
    }

    private void MakeRoom()
    {
        for (var number = kept - 1; number > 0; number--)
        {
            if (File.Exists(Older(number - 1)))
            {
                GuardedFile.Move(Older(number - 1), Older(number), overwrite: true);
            }
        }
    }

    private string Older(int number) => Path.Combine(Folder, number == 0 ? $"{name}.jsonl" : $"{name}.{number}.jsonl");
}
