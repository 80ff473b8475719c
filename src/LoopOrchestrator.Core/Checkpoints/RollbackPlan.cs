using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>What a rollback would do, file by file. Nothing has been changed. It is looked at anew when it is applied.</summary>
/// <param name="Before">The checkpoint to go back to.</param>
/// <param name="After">The checkpoint of what the run left.</param>
/// <param name="Items">All files that the run changed, by path.</param>
/// <param name="IncludesOwnFiles">Whether the files that we write to ourselves are rolled back as well.</param>
public sealed record RollbackPlan(Checkpoint Before, Checkpoint After, IReadOnlyList<RollbackItem> Items, bool IncludesOwnFiles)
{
    /// <summary>
    /// The commits that <c>HEAD</c> gained from <see cref="Before"/> to now, the newest first, at most <see cref="ChangeSet.MaxCommits"/>.
    /// They stay.
    /// </summary>
    public IReadOnlyList<CommitLine> Commits { get; init; } = [];

    /// <summary>What the checkpoints do not hold, so that nothing of it comes back, each in a phrase.</summary>
    public IReadOnlyList<string> NotCovered { get; init; } = [];

    /// <summary>
    /// Paths that are conflicts although they are as <see cref="After"/> has them: between the two checkpoints somebody else changed them
    /// too.
    /// </summary>
    internal IReadOnlySet<string> Spared { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Whether there is anything to do.</summary>
    public bool ChangesAnything => Items.Any(static item => item.Action is RollbackAction.Restore or RollbackAction.Remove);

    /// <summary>The files that somebody changed since.</summary>
    public IEnumerable<RollbackItem> Conflicts => Items.Where(static item => item.Action == RollbackAction.Conflict);

    /// <summary>The plan with further paths spared; they stay so when it is looked at anew.</summary>
    internal RollbackPlan Sparing(IReadOnlySet<string> others) =>
        this with
        {
            Spared = others,
            Items =
            [
                .. Items.Select(item =>
                    item.Action is RollbackAction.Restore or RollbackAction.Remove && others.Contains(item.Path)
                        ? item with
                        {
                            Action = RollbackAction.Conflict,
                            Reason = RollbackItem.SparedReason,
                        }
                        : item
                ),
            ],
        };

    /// <summary>Throws when there are conflicts and they are not to be left alone.</summary>
    /// <exception cref="UserErrorException">There are; the message names the first of them.</exception>
    internal void RefuseConflicts(bool skipConflicts, WorkspacePaths paths)
    {
        var conflicts = Conflicts.ToList();
        if (conflicts.Count > 0 && !skipConflicts)
        {
            var some = string.Join(", ", conflicts.Take(5).Select(static item => $"{item.Path} ({item.Reason})"));
            throw new UserErrorException(
                $"{conflicts.Count} file(s) in {paths.Root} are not as the run left them: "
                    + $"{some}{(conflicts.Count > 5 ? ", …" : "")}. Nothing was changed. "
                    + "Ask for the rollback to leave such files alone, or bring them back by hand."
            );
        }
    }
}
