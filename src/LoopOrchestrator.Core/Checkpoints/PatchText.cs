using System.Text;
using LoopOrchestrator.Core.Git;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>
/// What differs between two trees, line by line, to be read by a person. Of a bounded size whatever an agent has written: files that are
/// no text, or too large, stand in it by their names only, and of many files the first.
/// </summary>
internal static class PatchText
{
    private const int MaxFiles = 40;
    private const int MaxLinesOfAFile = 2000;
    private const string LargestFile = "131072";

    /// <summary>Makes it.</summary>
    /// <param name="repository">Where the trees are.</param>
    /// <param name="from">The first tree.</param>
    /// <param name="to">The second tree.</param>
    /// <param name="cancellationToken">Ends git.</param>
    /// <exception cref="GitException">One of them is not there.</exception>
    public static async Task<string> ReadAsync(SnapshotRepository repository, string from, string to, CancellationToken cancellationToken)
    {
        var changes = (await TreeChange.ListAsync(repository, from, to, cancellationToken))
            .Where(change => change.Path.IsIn(repository.Prefix) && !OwnFiles.IsWritten(change.Path.Below(repository.Prefix).Display))
            .ToList();
        var shown = changes.Where(static change => change.Path.Text is not null && IsReadable(change)).Take(MaxFiles).ToList();
        var text = new StringBuilder();
        if (shown.Count > 0)
        {
            // A path is a path here: none is a pattern.
            var result = await repository.RunAsync(
                [
                    "-c",
                    $"core.bigFileThreshold={LargestFile}",
                    "diff-tree",
                    "-r",
                    "-p",
                    "--no-renames",
                    "--no-color",
                    from,
                    to,
                    "--",
                    .. shown.Select(static change => $":(top,literal){change.Path.Text}"),
                ],
                cancellationToken: cancellationToken
            );
            text.Append(result.Text).Append('\n');
        }

        foreach (var change in changes.Except(shown))
        {
            text.Append("not shown: ").Append(change.Path.Below(repository.Prefix).Display).Append('\n');
        }

        return text.ToString();
    }

    private static bool IsReadable(TreeChange change) =>
        !change.IsRepository && change is { Added: not null, Removed: not null } && change.Added + change.Removed <= MaxLinesOfAFile;
}
