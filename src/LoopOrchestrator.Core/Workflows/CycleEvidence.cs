using System.Globalization;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Workflows.Cycles;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>
/// What is kept of the workspace around each step of a cycle, and the work trees of isolated stages. Where the workspace is not trusted, or
/// a
/// checkpoint cannot be taken, the step goes on without and is marked with the reason: nothing is made up.
/// </summary>
internal sealed class CycleEvidence(IWorkEvidence work, WorkspaceTrust trust, TimeProvider time)
{
    private const string Behind = "after";

    private static readonly TimeSpan TidyPause = TimeSpan.FromHours(1);

    private long? _tidied;

    /// <summary>
    /// A prepared step or landing with the checkpoint before it; an isolated step with its work tree instead, because it leaves the
    /// workspace as it is.
    /// </summary>
    /// <exception cref="UserErrorException">The step is to be isolated, and that cannot be done here.</exception>
    public async Task<CycleItem> BeforeAsync(Cycle cycle, CycleItem item, CancellationToken cancellationToken)
    {
        if (item.Kind == CycleItemKind.Step && cycle.Workflow.Stages[item.Stage].Steps[item.Position].Isolated)
        {
            return trust.IsTrusted
                ? item with
                {
                    WorkTree = await work.IsolateAsync(TreeOf(cycle), cancellationToken),
                }
                : throw new UserErrorException("The workspace is not trusted, so no work tree is made for an isolated step.");
        }

        return await TakeAsync(cycle, item, "before", name => item with { Before = name }, cancellationToken);
    }

    /// <summary>A step whose run has ended, or a landing, with the checkpoint behind it and what changed in between.</summary>
    public async Task<CycleItem> AfterAsync(Cycle cycle, CycleItem item, CancellationToken cancellationToken)
    {
        if (item.WorkTree is not null)
        {
            return !trust.IsTrusted
                ? item with
                {
                    Marks = [.. item.Marks, "what it changed is not known, because the workspace is not trusted"],
                }
                : await MarkFailureAsync(item, async () =>
                    item with
                    {
                        Changes = await work.ChangesInAsync(TreeOf(cycle), cancellationToken),
                    }
                );
        }

        if (item.Before is null)
        {
            return item;
        }

        var taken = await TakeAsync(cycle, item, Behind, name => item with { After = name }, cancellationToken);
        return taken.After is not { } after
            ? taken
            : await MarkFailureAsync(taken, async () =>
                Marked(cycle, taken with { Changes = await work.CompareAsync(item.Before, after, cancellationToken) })
            );
    }

    // What is so for the whole cycle is said once.
    private static CycleItem Marked(Cycle cycle, CycleItem item)
    {
        var marks = (item.Changes?.NotCovered ?? [])
            .Select(static what => $"no checkpoint holds {what}")
            .Where(mark => !cycle.Items.Any(other => other.Marks.Contains(mark, StringComparer.Ordinal)));
        return item with { Marks = [.. item.Marks, .. marks] };
    }

    /// <summary>The work tree of the pass that is going on, if it has one.</summary>
    public static string? WorkTreeOf(Cycle cycle) =>
        cycle.Current.LastOrDefault(static item => item is { WorkTree: not null, Kind: not CycleItemKind.Baseline })?.WorkTree;

    /// <summary>A work tree as that of the pass was before its isolated steps, whatever became of the workspace since.</summary>
    /// <exception cref="UserErrorException">It cannot be made here.</exception>
    public Task<string> UntouchedAsync(Cycle cycle, CancellationToken cancellationToken) =>
        trust.IsTrusted
            ? work.IsolateAsBeforeAsync(UntouchedOf(cycle), TreeOf(cycle), cancellationToken)
            : throw new UserErrorException("The workspace is not trusted, so no work tree is made.");

    /// <summary>Brings what isolated steps changed into the workspace; why that cannot be, or <see langword="null"/>.</summary>
    public Task<string?> LandAsync(Cycle cycle, CancellationToken cancellationToken) => work.LandAsync(TreeOf(cycle), cancellationToken);

    /// <summary>What stays in the work tree of the pass because git ignores it; <see langword="null"/> where there is nothing.</summary>
    public Task<string?> KeepLeftAsync(Cycle cycle, CancellationToken cancellationToken) =>
        work.KeepLeftAsync(TreeOf(cycle), cancellationToken);

    /// <summary>The work tree of the pass is not needed any more.</summary>
    /// <returns>
    /// Its last step, marked with what it left that git ignores, where that has not landed; <see langword="null"/> where there is nothing.
    /// </returns>
    public async Task<CycleItem?> LeaveAsync(Cycle cycle, CancellationToken cancellationToken)
    {
        if (!trust.IsTrusted || WorkTreeOf(cycle) is null)
        {
            return null;
        }

        // Where it has landed, that was kept and told; what a gate made in the tree as it was before is nobody's.
        var hasLanded = cycle.Current.Any(static item => item is { Kind: CycleItemKind.Landing, State: CycleItemState.Passed });
        var left = hasLanded ? null : await work.KeepLeftAsync(TreeOf(cycle), cancellationToken);
        await work.RemoveAsync(TreeOf(cycle), cancellationToken);
        if (cycle.Current.Any(static item => item.Kind == CycleItemKind.Baseline))
        {
            await work.RemoveAsync(UntouchedOf(cycle), cancellationToken);
        }

        return
            left is not null
            && cycle.Current.LastOrDefault(static item => item is { WorkTree: not null, Kind: CycleItemKind.Step }) is { } step
            && !step.Marks.Contains(left, StringComparer.Ordinal)
            ? step with
            {
                Marks = [.. step.Marks, left],
            }
            : null;
    }

    /// <summary>Removes, once an hour, what is too old or belongs to no cycle that is open.</summary>
    public async Task TidyAsync(IReadOnlyList<string> open, CancellationToken cancellationToken)
    {
        if (trust.IsTrusted && (_tidied is not { } last || time.GetElapsedTime(last) >= TidyPause))
        {
            _tidied = time.GetTimestamp();
            await work.TidyAsync(open, cancellationToken);
        }
    }

    private static async Task<CycleItem> MarkFailureAsync(CycleItem item, Func<Task<CycleItem>> look)
    {
        try
        {
            return await look();
        }
        catch (UserErrorException exception)
        {
            return item with { Marks = [.. item.Marks, $"what it changed is not known: {exception.Message}"] };
        }
    }

    private static CycleItem Without(CycleItem item, string why) =>
        item with
        {
            NoCheckpoint = item.NoCheckpoint ?? why,
            Marks = [.. item.Marks, why],
        };

    private static string TreeOf(Cycle cycle) => string.Create(CultureInfo.InvariantCulture, $"{cycle.Run.Id}-{cycle.Visit}");

    private static string UntouchedOf(Cycle cycle) => $"{TreeOf(cycle)}-untouched";

    // The item with its checkpoint, or marked with why there is none.
    private async Task<CycleItem> TakeAsync(
        Cycle cycle,
        CycleItem item,
        string when,
        Func<string, CycleItem> with,
        CancellationToken cancellationToken
    )
    {
        if (!trust.IsTrusted)
        {
            return Without(item, "no checkpoint, because the workspace is not trusted; what it changed is not known");
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"{cycle.Run.Id}/{item.Number}-{when}");
        try
        {
            // Whoever took the one behind a step and died has seen what it did; taken again it would count as the step's what others did
            // since.
            if (when == Behind && item.Kind == CycleItemKind.Step && await work.HasAsync(name, cancellationToken))
            {
                return with(name);
            }

            var lack = await work.TakeAsync(name, cancellationToken);
            var taken = with(name);
            var isSaid = lack is null || item.Marks.Contains(lack, StringComparer.Ordinal);
            return isSaid ? taken : taken with { Marks = [.. taken.Marks, lack!] };
        }
        catch (UserErrorException exception)
        {
            return Without(item, $"no checkpoint {when} it: {exception.Message}");
        }
    }
}
