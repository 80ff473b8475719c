using System.Text;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Git;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>Says which files of a work tree are not as they are expected, whether git ignores them or not.</summary>
/// <param name="repository">The folder that looks at the work tree.</param>
/// <param name="scratch">Where the index is made.</param>
internal sealed class WorkTreeComparison(SnapshotRepository repository, ScratchFolder scratch)
{
    private readonly RawFiles _files = new(repository.User.Root);

    /// <summary>The paths at which something else is than expected, or nothing.</summary>
    /// <param name="expected">What is expected; one entry for a path.</param>
    /// <exception cref="GitException">It could not be told.</exception>
    public async Task<IReadOnlySet<PathName>> DifferingAsync(IReadOnlyCollection<TreeEntry> expected, CancellationToken cancellationToken)
    {
        // What is there byte for byte needs no git, and mostly that is everything. Of the rest git says what counts as another here.
        var open = expected.Where(entry => !IsThere(entry)).ToList();
        if (open.Count == 0)
        {
            return new HashSet<PathName>();
        }

        var index = scratch.File("compared");
        File.Delete(index);
        await FillAsync(repository, index, open, cancellationToken);

        // Its exit code says that something differs; which, says the next call.
        await repository.TryRunAsync(index, ["update-index", "-q", "--refresh"], cancellationToken: cancellationToken);
        var differing = await repository.RunAsync(index, ["diff-files", "-z", "--name-only"], cancellationToken: cancellationToken);
        return PathName.List(differing.Output).ToHashSet();
    }

    /// <summary>Makes an index of entries.</summary>
    /// <exception cref="GitException">It could not be made.</exception>
    public static Task FillAsync(
        SnapshotRepository repository,
        string index,
        IEnumerable<TreeEntry> entries,
        CancellationToken cancellationToken
    ) =>
        repository.RunAsync(
            index,
            ["update-index", "-z", "--index-info"],
            Encoding.Latin1.GetBytes(string.Concat(entries.Select(static entry => $"{entry.Mode} {entry.Id}\t{entry.Path.Raw}\0"))),
            cancellationToken
        );

    // What is stored is what is in the files: no conversion lies between.
    private bool IsThere(TreeEntry entry)
    {
        if (OperatingSystem.IsWindows() || entry.Path.Text is not { } path)
        {
            return false;
        }

        var file = Path.Combine(repository.User.Root, path);
        try
        {
            switch (_files.At(entry.Path))
            {
                case RawFiles.Kind.File when entry.IsFile:
                    var isExecutable = File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute);
                    if (isExecutable != (entry.Mode == TreeEntry.Executable))
                    {
                        return false;
                    }

                    using (var content = new FileStream(GuardedFile.OpenRead(file), FileAccess.Read, bufferSize: 0))
                    {
                        return ObjectId.IsOf(entry.Id, content);
                    }

                case RawFiles.Kind.Link when entry.Mode == TreeEntry.Link:
                    return ObjectId.Of("blob", Encoding.UTF8.GetBytes(new FileInfo(file).LinkTarget ?? ""), entry.Id) == entry.Id;
                default:
                    return false;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
