using LoopOrchestrator.Core.Checkpoints;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Workflows.Cycles;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>
/// The evidence of a workspace from its checkpoints: git's where it is a work tree, else copies of the files that we own.
/// </summary>
internal sealed class WorkEvidence(WorkspacePaths paths, CheckpointStore checkpoints, StepWorktrees worktrees) : IWorkEvidence
{
    /// <summary>How long a checkpoint is kept.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    /// <summary>How many checkpoints are kept.</summary>
    public const int MaxKept = 1000;

    public async Task<bool> HasAsync(string name, CancellationToken cancellationToken) =>
        await checkpoints.FindAsync(name, cancellationToken) is not null;

    public async Task<string?> TakeAsync(string name, CancellationToken cancellationToken) =>
        (await checkpoints.TakeAsync(name, cancellationToken)).Lack;

    public async Task<StepChanges?> CompareAsync(string before, string after, CancellationToken cancellationToken)
    {
        var found = await checkpoints.FindAsync([before, after], cancellationToken);
        var changes = await checkpoints.ChangesAsync(
            found[0] ?? throw new UserErrorException($"checkpoint {before} is gone"),
            found[1] ?? throw new UserErrorException($"checkpoint {after} is gone"),
            cancellationToken
        );
        return changes is { Incomparable: null, IsPartial: false } ? Of(changes)
            : changes.Incomparable is null && changes.NotCovered.Count > 0
                ? throw new UserErrorException($"no checkpoint holds {string.Join("; ", changes.NotCovered)}")
            : null;
    }

    public async Task<string> IsolateAsync(string name, CancellationToken cancellationToken) =>
        (await worktrees.FindAsync(name, cancellationToken) ?? await worktrees.CreateAsync(name, cancellationToken)).Folder;

    public async Task<string> IsolateAsBeforeAsync(string name, string other, CancellationToken cancellationToken) =>
        (
            await worktrees.FindAsync(name, cancellationToken)
            ?? await worktrees.CreateAsBeforeAsync(name, await FindTreeAsync(other, cancellationToken), cancellationToken)
        ).Folder;

    public async Task<StepChanges?> ChangesInAsync(string name, CancellationToken cancellationToken)
    {
        var changes = await worktrees.ChangesAsync(await FindTreeAsync(name, cancellationToken), cancellationToken);
        return changes.Incomparable is null ? Of(changes) : null;
    }

    public async Task<string?> LandAsync(string name, CancellationToken cancellationToken)
    {
        if (await worktrees.FindAsync(name, cancellationToken) is not { } tree)
        {
            // It does not come back, so there is no sense in trying again.
            return $"nothing was brought into the workspace: the work tree {name} is gone";
        }

        var result = await worktrees.LandAsync(tree, cancellationToken);
        return result.HasLanded
            ? null
            : "nothing was brought into the workspace: "
                + $"{string.Join("; ", result.Obstacles.Take(5).Select(static obstacle => $"{obstacle.Path}: {obstacle.Reason}"))}";
    }

    public async Task<string?> KeepLeftAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            // Its name begins with the cycle's id; the rest says which pass it was.
            var (cycle, pass) = name.Length > RunId.Length ? (name[..RunId.Length], name[(RunId.Length + 1)..]) : (name, "0");
            return await worktrees.FindAsync(name, cancellationToken) is { } tree
                ? await worktrees.KeepLeftAsync(tree, Path.Combine(paths.Run(cycle), "left", pass), cancellationToken)
                : null;
        }
        catch (UserErrorException exception)
        {
            return exception.Message;
        }
    }

    public async Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await worktrees.RemoveAsync(name, cancellationToken);
        }
        catch (UserErrorException)
        {
            // Swept later.
        }
    }

    public async Task TidyAsync(IReadOnlyList<string> open, CancellationToken cancellationToken)
    {
        if (GuardedFolder.Exists(paths.Worktrees))
        {
            var inUse = GuardedFolder
                .Folders(paths.Worktrees)
                .Select(static folder => Path.GetFileName(folder))
                .Where(id => open.Any(cycle => id.StartsWith(cycle + "-", StringComparison.Ordinal)));
            await worktrees.SweepAsync(inUse.ToHashSet(StringComparer.Ordinal), cancellationToken);
        }

        // A cycle can be held for longer than checkpoints are kept.
        await checkpoints.PruneAsync(
            KeptFor,
            MaxKept,
            name => open.Any(cycle => name.StartsWith(cycle + "/", StringComparison.Ordinal)),
            cancellationToken
        );
    }

    private async Task<StepWorktree> FindTreeAsync(string name, CancellationToken cancellationToken) =>
        await worktrees.FindAsync(name, cancellationToken) ?? throw new UserErrorException($"the work tree {name} is gone");

    private static StepChanges Of(ChangeSet changes) =>
        new(
            changes.FileCount,
            changes.LinesAdded,
            changes.LinesRemoved,
            [.. changes.Files.Take(StepChanges.MaxListed).Select(static file => $"{file.Kind.ToString()[0]} {file.Path}")],
            [.. changes.Commits.Reverse().Take(StepChanges.MaxListed).Select(static commit => $"{commit.Id[..12]} {commit.Subject}")]
        )
        {
            AllPaths = changes.AllPaths,
            NotCovered = changes.NotCovered,
        };
}
