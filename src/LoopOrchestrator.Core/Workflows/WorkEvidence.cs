using LoopOrchestrator.Core.Checkpoints;
using LoopOrchestrator.Core.Git;
using LoopOrchestrator.Core.Workspaces;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>The evidence of a workspace from its checkpoints: git's where it is a work tree, else copies of the files that we own.</summary>
internal sealed class WorkEvidence(WorkspacePaths paths, CheckpointStore checkpoints, TimeProvider time) : IWorkEvidence
{
    /// <summary>How long a checkpoint is kept.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    /// <summary>How many checkpoints are kept.</summary>
    public const int MostKept = 1000;

    public Task TakeAsync(string name, CancellationToken cancellationToken) => checkpoints.TakeAsync(name, cancellationToken);

    public async Task<StepChanges?> CompareAsync(string before, string after, CancellationToken cancellationToken)
    {
        var changes = await checkpoints.ChangesAsync(await FindAsync(before, cancellationToken), await FindAsync(after, cancellationToken), cancellationToken);
        return changes.Incomparable is null ? Of(changes) : null;
    }

    public Task<string> IsolateAsync(string name, CancellationToken cancellationToken) => throw new UserErrorException("not yet" + paths.Root + time);

    public Task<StepChanges?> ChangesInAsync(string name, CancellationToken cancellationToken) => throw new UserErrorException("not yet");

    public Task<string?> LandAsync(string name, CancellationToken cancellationToken) => throw new UserErrorException("not yet");

    public Task RemoveAsync(string name, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task TidyAsync(IReadOnlyList<string> open, CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<Checkpoint> FindAsync(string name, CancellationToken cancellationToken) =>
        await checkpoints.FindAsync(name, cancellationToken) ?? throw new UserErrorException($"checkpoint {name} is gone");

    private static StepChanges Of(ChangeSet changes) => new(
        changes.FileCount,
        changes.LinesAdded,
        changes.LinesRemoved,
        [.. changes.Files.Take(StepChanges.MostListed).Select(static file => $"{file.Kind.ToString()[0]} {file.Path}")],
        [.. changes.Commits.Reverse().Take(StepChanges.MostListed).Select(static commit => commit.ToString())]);
}
