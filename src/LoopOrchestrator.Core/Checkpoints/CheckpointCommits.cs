using System.Globalization;
using System.Security.Cryptography;
using System.Text;
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
        var side = await SideAsync(snapshot.Notes.Write(), await StagedAsync(scratch, cancellationToken), now, cancellationToken);
        var message =
            $"Checkpoint {reference}\n\n{TakenLine}{now.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture)}\n"
            + $"{HeadLine}{head}\n{WorkspaceLine}{paths.Root}\n";
        var commit = await CommitAsync(snapshot.Tree, message, head is null ? [side] : [side, head], now, cancellationToken);
        await repository.User.RunAsync(["update-ref", "--no-deref", reference, commit], cancellationToken: cancellationToken);
        return commit;
    }

    /// <summary>The snapshot in a commit.</summary>
    /// <exception cref="UserErrorException">The commit is not there any more.</exception>
    public async Task<Snapshot> ReadAsync(string commit, CancellationToken cancellationToken)
    {
        var tree = await repository.User.TryRunAsync(
            ["rev-parse", "-q", "--verify", $"{commit}^{{tree}}"],
            cancellationToken: cancellationToken
        );
        var notes = await repository.User.TryRunAsync(
            ["cat-file", "blob", $"{commit}^1:{NotesName}"],
            cancellationToken: cancellationToken
        );
        return tree.Ok && notes.Ok
            ? new Snapshot(tree.Text, CheckpointNotes.Read(notes.Output))
            : throw new UserErrorException(
                $"The checkpoint {commit} is not in the repository of {paths.Root} any more: it was removed because of "
                    + "its age, or the repository was made anew. Nothing was changed. "
                    + $"The checkpoints that are there: git for-each-ref {CheckpointName.References}"
            );
    }

    /// <summary>The references of this workspace below a prefix: of several workspaces in one repository each has its own.</summary>
    public async Task<IReadOnlyList<CheckpointReference>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        var listed = await repository.User.RunAsync(
            ["for-each-ref", "--format=%(refname)%00%(objectname)%00%(contents:body)%00%01", prefix],
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
        if (entry.Split('\0') is not [var name, var commit, var body])
        {
            return null;
        }

        var lines = body.Split('\n');
        string? Line(string start) => lines.FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal))?[start.Length..];
        return
            Line(WorkspaceLine) == paths.Root
            && DateTimeOffset.TryParse(Line(TakenLine), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var taken)
            ? new CheckpointReference(name, commit, Line(HeadLine) is { Length: > 0 } head ? head : null, taken)
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

    // Most checkpoints have the same beside them as the one before: then its commit does for both.
    private async Task<string> SideAsync(byte[] notes, string? staged, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData([.. notes, .. Encoding.ASCII.GetBytes(staged ?? "")]));
        if (
            DurableFile.ReadOrNull(repository.KeptSide) is { } kept
            && Encoding.ASCII.GetString(kept).Split(' ') is [var keptKey, var commit]
            && keptKey == key
            && (await repository.User.TryRunAsync(["cat-file", "-e", $"{commit}:{NotesName}"], cancellationToken: cancellationToken)).Ok
        )
        {
            return commit;
        }

        var blob = (await repository.RunAsync(["hash-object", "-w", "--stdin"], notes, cancellationToken)).Text;
        var list = $"100644 blob {blob}\t{NotesName}\n" + (staged is null ? "" : $"040000 tree {staged}\tstaged\n");
        var tree = (await repository.RunAsync(["mktree"], Encoding.ASCII.GetBytes(list), cancellationToken)).Text;
        var made = await CommitAsync(tree, "What goes with a checkpoint\n", [], now, cancellationToken);
        DurableFile.ReplaceUnsynced(repository.KeptSide, Encoding.ASCII.GetBytes($"{key} {made}"));
        return made;
    }

    // What the user has staged, as a tree. In the middle of a merge with conflicts there is none.
    private async Task<string?> StagedAsync(ScratchFolder scratch, CancellationToken cancellationToken)
    {
        var index = scratch.File("staged");
        if (!SnapshotTaker.CopyIndex(Path.Combine(repository.User.GitFolder, "index"), index))
        {
            return null;
        }

        var written = await repository.User.TryRunAsync(
            ["write-tree"],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["GIT_INDEX_FILE"] = index },
            cancellationToken: cancellationToken
        );
        return written.Ok ? written.Text : null;
    }
}
