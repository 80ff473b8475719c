using LoopOrchestrator.Core.Git;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>Lists commits.</summary>
internal sealed class CommitList(GitRepository repository)
{
    private const int MaxSubject = 200;

    /// <summary>The commits that are reached from one and not from the other, the newest first.</summary>
    /// <param name="from">Where to begin behind; <see langword="null"/> for the first commit of all.</param>
    /// <param name="to">Where to end; with <see langword="null"/> there are none.</param>
    /// <returns>
    /// At most <see cref="ChangeSet.MaxCommits"/> of them, and how many there are. None where one of the two is not there any more.
    /// </returns>
    public async Task<(IReadOnlyList<CommitLine> Commits, int Count)> BetweenAsync(
        string? from,
        string? to,
        CancellationToken cancellationToken
    )
    {
        if (to is null || from == to)
        {
            return ([], 0);
        }

        string[] range = from is null ? [to] : [to, "^" + from];
        var listed = await repository.TryRunAsync(
            [
                "log",
                "--no-show-signature",
                "--no-color",
                "--no-notes",
                "-z",
                "--format=%H %s",
                $"--max-count={ChangeSet.MaxCommits}",
                .. range,
                "--",
            ],
            cancellationToken: cancellationToken
        );
        if (!listed.Ok)
        {
            return ([], 0);
        }

        IReadOnlyList<CommitLine> commits =
        [
            .. listed.Parts.Select(static line => new CommitLine(
                line[..line.IndexOf(' ', StringComparison.Ordinal)],
                TextCut.Head(line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..], MaxSubject).ToString()
            )),
        ];
        if (commits.Count < ChangeSet.MaxCommits)
        {
            return (commits, commits.Count);
        }

        var count = await repository.TryRunAsync(["rev-list", "--count", .. range, "--"], cancellationToken: cancellationToken);
        return count.Ok && int.TryParse(count.Text, out var number) ? (commits, number) : ([], 0);
    }
}
