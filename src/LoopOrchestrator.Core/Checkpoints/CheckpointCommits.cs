using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LoopOrchestrator.Core.Checkpoints.References;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Git;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>
/// Snapshots as commits below a reference of our own. A commit's tree is the files, so that <c>git checkout &lt;reference&gt; --
/// &lt;file&gt;</c> gets
/// one back by hand; its first parent holds the notes, and what was staged; its second is the commit that HEAD led to.
/// </summary>
/// <param name="paths">The workspace.</param>
/// <param name="repository">The folder that looks at its work tree.</param>
internal sealed class CheckpointCommits(WorkspacePaths paths, SnapshotRepository repository)
{
    private const string HeadLine = "head ";
    private const string TakenLine = "taken ";
    private const string WorkspaceLine = "workspace ";
    private const string NotesName = "notes";

    /// <summary>Keeps a snapshot, in the place of one with the same reference.</summary>
    /// <param name="reference">In full, such as <c>refs/loop/checkpoints/run-…/before</c>.</param>
    /// <returns>The commit.</returns>
    /// <exception cref="GitException">It could not be kept.</exception>
    public async Task<string> KeepAsync(
        string reference,
        Snapshot snapshot,
        string? head,
        DateTimeOffset now,
        ScratchFolder scratch,
        CancellationToken cancellationToken
    )
    {
        var notes = snapshot.Notes.Write();
        string commit;
        try
        {
            var side = await SideAsync(notes, now, scratch, usesKept: true, cancellationToken);
            commit = await CommitAsync(reference, snapshot.Tree, side, head, now, cancellationToken);
        }
        catch (GitException exception) when (exception is not GitTimeoutException)
        {
            // Git refuses what is not there: what an earlier one left may be gone with its clean-up, or HEAD is damaged.
            var side = await SideAsync(notes, now, scratch, usesKept: false, cancellationToken);
            commit = await CommitAsync(reference, snapshot.Tree, side, await ThereAsync(head, cancellationToken), now, cancellationToken);
        }

        await repository.User.RunAsync(["update-ref", "--no-deref", reference, commit], cancellationToken: cancellationToken);
        return commit;
    }

    /// <summary>The snapshots in commits, in the order of the commits.</summary>
    /// <exception cref="UserErrorException">One of them is not there any more.</exception>
    public async Task<IReadOnlyList<Snapshot>> ReadAsync(IReadOnlyList<string> commits, CancellationToken cancellationToken)
    {
        var question = string.Concat(commits.Select(static commit => $"{commit}^{{tree}}\n{commit}^1:{NotesName}\n"));
        var answer = await repository.User.TryRunAsync(
            ["cat-file", "--batch"],
            input: Encoding.ASCII.GetBytes(question),
            cancellationToken: cancellationToken
        );
        var objects = CatFile.Parse(answer.Output);
        var read = new List<Snapshot>();
        for (var at = 0; at < commits.Count; at++)
        {
            if (objects.ElementAtOrDefault(2 * at) is not { } tree || objects.ElementAtOrDefault((2 * at) + 1) is not { } notes)
            {
                throw new UserErrorException(
                    $"The checkpoint {commits[at]} is not in the repository of {paths.Root} any more: it was removed because of "
                        + "its age, or the repository was made anew. Nothing was changed. "
                        + $"The checkpoints that are there: git for-each-ref {CheckpointName.References}"
                );
            }

            read.Add(new Snapshot(tree.Id, CheckpointNotes.Read(notes.Content)));
        }

        return read;
    }

    /// <summary>The snapshot in a commit.</summary>
    /// <exception cref="UserErrorException">The commit is not there any more.</exception>
    public async Task<Snapshot> ReadAsync(string commit, CancellationToken cancellationToken) =>
        (await ReadAsync([commit], cancellationToken))[0];

    /// <summary>The references of this workspace below prefixes: of several workspaces in one repository each has its own.</summary>
    public async Task<IReadOnlyList<CheckpointReference>> ListAsync(IReadOnlyList<string> prefixes, CancellationToken cancellationToken)
    {
        var listed = await repository.User.RunAsync(
            ["for-each-ref", "--format=%(refname)%00%(objectname)%00%(tree)%00%(contents:body)%00%01", .. prefixes],
            cancellationToken: cancellationToken
        );
        return
        [
            .. Encoding
                .UTF8.GetString(listed.Output)
                .Split("\0\u0001\n", StringSplitOptions.RemoveEmptyEntries)
                .Select(Parse)
                .OfType<CheckpointReference>(),
        ];
    }

    private CheckpointReference? Parse(string entry)
    {
        if (entry.Split('\0') is not [var name, var commit, var tree, var body])
        {
            return null;
        }

        var lines = body.Split('\n');
        string? Line(string start) => lines.FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal))?[start.Length..];
        return
            Line(WorkspaceLine) == paths.Root
            && DateTimeOffset.TryParse(Line(TakenLine), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var taken)
            ? new CheckpointReference(name, commit, Line(HeadLine) is { Length: > 0 } head ? head : null, taken, tree)
            : null;
    }

    /// <summary>Makes a commit of ours, which no reference leads to yet.</summary>
    /// <exception cref="GitException">It could not be made.</exception>
    public async Task<string> CommitAsync(
        string tree,
        string message,
        string[] parents,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var date = $"{now.ToUnixTimeSeconds()} +0000";
        var environment = new Dictionary<string, string>(repository.Environment("none"), StringComparer.Ordinal)
        {
            ["GIT_AUTHOR_DATE"] = date,
            ["GIT_COMMITTER_DATE"] = date,
        };
        string[] arguments = ["commit-tree", tree, "-F", "-", .. parents.SelectMany(static parent => (string[])["-p", parent])];
        return (await repository.User.RunAsync(arguments, environment, Encoding.UTF8.GetBytes(message), cancellationToken)).Text;
    }

    private Task<string> CommitAsync(
        string reference,
        string tree,
        string side,
        string? head,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var message =
            $"Checkpoint {reference}\n\n{TakenLine}{now.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture)}\n"
            + $"{HeadLine}{head}\n{WorkspaceLine}{paths.Root}\n";
        return CommitAsync(tree, message, head is null ? [side] : [side, head], now, cancellationToken);
    }

    private async Task<string?> ThereAsync(string? head, CancellationToken cancellationToken) =>
        head is not null
        && (await repository.User.TryRunAsync(["cat-file", "-e", $"{head}^{{commit}}"], cancellationToken: cancellationToken)).Ok
            ? head
            : null;

    // Most checkpoints have the same beside them as the one before: then its commit does for both, and git is not asked. Whether it is
    // there yet shows when it becomes a parent.
    private async Task<string> SideAsync(
        byte[] notes,
        DateTimeOffset now,
        ScratchFolder scratch,
        bool usesKept,
        CancellationToken cancellationToken
    )
    {
        string[] kept =
            usesKept && DurableFile.ReadOrNull(repository.KeptSide) is { } bytes ? Encoding.ASCII.GetString(bytes).Split(' ') : [];
        var (staged, index) = await StagedAsync(scratch, kept, cancellationToken);
        var key = Convert.ToHexStringLower(SHA256.HashData([.. notes, .. Encoding.ASCII.GetBytes(staged ?? "")]));
        var commit =
            kept is [_, _, var keptKey, var made] && keptKey == key ? made : await MakeSideAsync(notes, staged, now, cancellationToken);
        var known = $"{index} {staged} {key} {commit}";
        if (known != string.Join(' ', kept))
        {
            DurableFile.ReplaceUnsynced(repository.KeptSide, Encoding.ASCII.GetBytes(known));
        }

        return commit;
    }

    private async Task<string> MakeSideAsync(byte[] notes, string? staged, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var blob = (await repository.RunAsync(["hash-object", "-w", "--stdin"], notes, cancellationToken)).Text;
        var list = $"100644 blob {blob}\t{NotesName}\n" + (staged is null ? "" : $"040000 tree {staged}\tstaged\n");
        var tree = (await repository.RunAsync(["mktree"], Encoding.ASCII.GetBytes(list), cancellationToken)).Text;
        return await CommitAsync(tree, "What goes with a checkpoint\n", [], now, cancellationToken);
    }

    // What the user has staged, as a tree. In the middle of a merge with conflicts there is none. The same index has the same tree, so git
    // is asked only when it is another one.
    private async Task<(string? Tree, string Index)> StagedAsync(ScratchFolder scratch, string[] kept, CancellationToken cancellationToken)
    {
        var index = scratch.File("staged");
        if (!SnapshotTaker.CopyIndex(Path.Combine(repository.User.GitFolder, "index"), index))
        {
            return (null, "none");
        }

        string digest;
        using (var stream = new FileStream(GuardedFile.OpenRead(index), FileAccess.Read))
        {
            digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
        }

        if (kept is [var keptIndex, var keptTree, _, _] && keptIndex == digest)
        {
            return (keptTree.Length > 0 ? keptTree : null, digest);
        }

        var written = await repository.User.TryRunAsync(
            ["write-tree"],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["GIT_INDEX_FILE"] = index },
            cancellationToken: cancellationToken
        );
        return (written.Ok ? written.Text : null, digest);
    }
}
