using LoopOrchestrator.Core.Checkpoints;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Git;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Status;

/// <summary>
/// What is wrong with the repository of a workspace, in sentences for a person. Looks at files; git is asked only where they say that it
/// may refuse the folder.
/// </summary>
internal static class GitAttention
{
    /// <summary>What needs a person; empty when nothing does.</summary>
    /// <param name="paths">The workspace.</param>
    /// <param name="time">The clock.</param>
    /// <param name="workAt">The run that went on at a moment, as a phrase; not known where not given.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<IReadOnlyList<string>> DescribeAsync(
        WorkspacePaths paths,
        TimeProvider time,
        Func<DateTimeOffset, Task<string?>>? workAt = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(paths);
        var found = new List<string>();
        if (LostRepository.Find(paths) is { } lost)
        {
            found.Add(
                $"{Sentence.Begin(lost)}. Checkpoints of cycles are kept below {paths.Display(paths.Checkpoints)} "
                    + "all the same: 'loop-orchestrator cycles rollback ID' brings the files back; history and branches have to come from "
                    + $"a clone or a backup. If it is meant to be so, remove {paths.Display(LostRepository.Mark(paths))}."
            );
        }

        if (await GitOwner.FindRefusalAsync(paths.Root, time, cancellationToken) is { } refused)
        {
            found.Add(
                $"No checkpoints in git: {refused}. Until then checkpoints of cycles are copies of our own below "
                    + $"{paths.Display(paths.Checkpoints)}, no step can be isolated, and nothing can be committed."
            );
        }

        foreach (var index in SnapshotRepository.KeptIndexesOf(paths))
        {
            if (WhyNotTaken(index, time) is { } why)
            {
                found.Add($"No checkpoints: {why}.");
            }
        }

        foreach (var held in GitLock.Find(paths.Root))
        {
            var leftBy = workAt is null ? null : await workAt(held.WrittenAt);
            if (held.Describe(paths.Root, time.GetUtcNow(), leftBy) is { } stale)
            {
                found.Add(stale);
            }
        }

        return found;
    }

    private static string? WhyNotTaken(string index, TimeProvider time)
    {
        try
        {
            return new SlowTree(SlowTree.MarkOf(index), time).WhyNotTried;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message.TrimEnd('.');
        }
    }
}
