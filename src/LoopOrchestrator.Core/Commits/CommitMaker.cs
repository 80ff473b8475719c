using System.Text;
using LoopOrchestrator.Core.Commits.Credentials;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Git;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Commits;

/// <summary>
/// Makes the commits of a plan one by one, each in an index of its own and only when its gate passes. Whoever stops it, or kills it, finds
/// every commit either made or not, and at worst the files of one staged that were not. For one caller at a time: who calls holds the lock.
/// </summary>
internal sealed class CommitMaker
{
    private const int BlobsAtOnce = 16;

    private readonly GitRepository _top;
    private readonly CredentialScan _scan;
    private readonly WorkTreeReader _reader;
    private readonly CommitIndex _index;
    private readonly UserIndex _user;
    private readonly CommitIdentity _identity;

    /// <param name="repository">The work tree.</param>
    /// <param name="reader">What reads it.</param>
    /// <param name="scan">What looks for credentials.</param>
    /// <param name="indexFile">The file of our own index; its folder exists.</param>
    /// <param name="time">The clock of short waits.</param>
    public CommitMaker(GitRepository repository, WorkTreeReader reader, CredentialScan scan, string indexFile, TimeProvider time)
    {
        _top = repository.In(repository.Root, repository.GitFolder);
        _scan = scan;
        _reader = reader;
        _index = new CommitIndex(_top, indexFile);
        _user = new UserIndex(_top, time);
        _identity = new CommitIdentity(_top);
    }

    /// <summary>Refuses where nothing may be committed now.</summary>
    /// <exception cref="UserErrorException">It may not; the message says what has to be done first.</exception>
    public async Task CheckAsync(WorkTreeState state, CommitPlan plan, bool allowDetached, CancellationToken cancellationToken = default)
    {
        if (state.Operation is { } operation)
        {
            throw new UserErrorException(
                $"{Sentence.Begin(operation)} is not finished here; nothing was committed. "
                    + "Finish it or take it back by hand, then commit again."
            );
        }

        if (plan.LeftOut.FirstOrDefault(static file => file.Reason == LeftOutReason.Conflict) is { } conflict)
        {
            throw new UserErrorException(
                $"{conflict.Path} has an unfinished merge; nothing was committed. Resolve it, stage it, then commit again."
            );
        }

        if (state.Branch is null && !allowDetached)
        {
            throw new UserErrorException(
                "HEAD is on no branch, so commits made here would be lost at the next checkout; nothing was committed. "
                    + "Check out a branch ('git switch -c NAME' makes one here), or allow it with --allow-detached."
            );
        }

        await _identity.CheckAsync(cancellationToken);
    }

    /// <summary>Makes them.</summary>
    /// <param name="state">What the plan was made from.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="gate">Asked before each commit.</param>
    /// <param name="made">Called with each commit as it is made.</param>
    /// <param name="cancellationToken">Ends it between two commits.</param>
    public async Task<CommitResult> MakeAsync(
        WorkTreeState state,
        CommitPlan plan,
        Func<CommitGroup, CancellationToken, Task<GateAnswer>> gate,
        Action<MadeCommit> made,
        CancellationToken cancellationToken = default
    )
    {
        var result = new CommitResult(plan, state.BranchName);
        var head = state.Head;
        foreach (var group in plan.Groups)
        {
            try
            {
                if (await TryMakeAsync(state, group, head, gate, cancellationToken) is { } commit)
                {
                    head = commit.Id;
                    result = result with { Made = [.. result.Made, commit] };
                    made(commit);
                }
            }
            catch (CommitStoppedException stopped)
            {
                return result with { Stopped = $"'{group.Subject}' was not committed: {stopped.Message}", Output = stopped.Output };
            }
            catch (GitException exception)
            {
                return result with { Stopped = $"'{group.Subject}' was not committed: {exception.Message}" };
            }
        }

        return result;
    }

    private async Task<MadeCommit?> TryMakeAsync(
        WorkTreeState state,
        CommitGroup group,
        string? head,
        Func<CommitGroup, CancellationToken, Task<GateAnswer>> gate,
        CancellationToken cancellationToken
    )
    {
        var kept = group.Files.Where(static file => file.Kind != ChangeKind.Deleted).Select(file => state.Prefix + file.Path).ToList();
        var gone = group.Files.Where(static file => file.Kind == ChangeKind.Deleted).Select(file => state.Prefix + file.Path).ToList();
        await _index.ResetAsync(head, cancellationToken);
        var tree = await _index.TakeAsync(kept, gone, cancellationToken);
        var changes = await _index.CompareAsync(head, cancellationToken);
        if (changes.Count == 0)
        {
            // Somebody has committed or taken back all of it meanwhile, or it went with a commit before.
            return null;
        }

        await CheckContentAsync(changes, cancellationToken);
        var answer = await gate(group, cancellationToken);
        _top.ForgetConfiguration();
        if (!answer.Passed)
        {
            throw new CommitStoppedException($"the gate did not pass: {answer.Why}", answer.Output);
        }

        // The loop goes on writing its own files. Of all others a gate must have seen what is committed.
        if (!group.IsLive && await _index.TakeAsync(kept, gone, cancellationToken) != tree)
        {
            throw new CommitStoppedException(
                "its files were changed while the gate ran. Commit again when nobody writes to them; a gate must not change files itself"
            );
        }

        return await WriteAsync(state, group, head, tree, changes);
    }

    // From here on nobody's wish to stop is heard: it would leave files staged.
    private async Task<MadeCommit> WriteAsync(
        WorkTreeState state,
        CommitGroup group,
        string? head,
        string tree,
        IReadOnlyList<TreeChange> changes
    )
    {
        string[] parent = head is null ? [] : ["-p", head];
        var commit = (
            await _top.RunAsync(
                ["commit-tree", tree, .. parent, "-F", "-"],
                CommitIdentity.Variables,
                Encoding.UTF8.GetBytes(group.Message)
            )
        ).Text;
        if (await BranchAsync() != state.Branch)
        {
            throw new CommitStoppedException("another branch was checked out meanwhile");
        }

        // First the index, then the branch. A crash in between leaves files staged; the other way round it would leave the commit's
        // reversal staged.
        var before = await _user.ReadAsync(changes);
        await _user.SetAsync(UserIndex.Of(changes));
        var subject = group.Subject.ReplaceLineEndings(" ");
        var update = await _top.TryRunAsync(
            [
                "update-ref",
                "-m",
                head is null ? $"commit (initial): {subject}" : $"commit: {subject}",
                "HEAD",
                commit,
                head ?? new string('0', commit.Length),
            ],
            CommitIdentity.Variables
        );
        if (update.Ok)
        {
            return new MadeCommit(commit, group);
        }

        await _user.SetAsync(before);
        var now = await _reader.HeadAsync();
        throw new CommitStoppedException(
            now == head
                ? $"the branch could not be moved: {update.Error.Trim()}"
                : $"somebody else has moved the branch to {now?[..Math.Min(now.Length, 10)] ?? "nothing"} meanwhile. Commit "
                    + "again: the plan is then made anew"
        );
    }

    private async Task<string?> BranchAsync() =>
        await _top.TryRunAsync(["symbolic-ref", "-q", "HEAD"]) is { Ok: true } found ? found.Text : null;

    // What is in the repository now, which may be newer than what the plan has seen.
    private async Task CheckContentAsync(IReadOnlyList<TreeChange> changes, CancellationToken cancellationToken)
    {
        foreach (var part in changes.Where(static change => !change.IsDeleted).Chunk(BlobsAtOnce))
        {
            var contents = await BlobReader.ReadAsync(_top, [.. part.Select(static change => change.Blob)], cancellationToken);
            foreach (var (change, content) in part.Zip(contents))
            {
                var found = await _scan.FindAsync(
                    content,
                    change.IsAdded ? null : async () => (await BlobReader.ReadAsync(_top, [change.OldBlob], cancellationToken))[0]
                );
                if (found is not null)
                {
                    throw new CommitStoppedException(
                        $"{change.Path} was changed meanwhile, and its line {found.Line} holds what looks like a "
                            + $"credential ({found.Pattern})"
                    );
                }
            }
        }
    }
}
