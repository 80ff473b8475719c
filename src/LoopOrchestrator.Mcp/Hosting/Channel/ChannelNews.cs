using System.Globalization;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;

namespace LoopOrchestrator.Mcp.Hosting.Channel;

/// <summary>
/// Something that an open session may want to hear of. Its text goes to a model as if a person had said it, so nothing of others is in it:
/// neither titles nor tasks, which a repository or an agent may have written, but ids alone, and the tool that shows the rest.
/// </summary>
/// <param name="Key">Tells it from every other one; what is told once is not told again.</param>
/// <param name="Kind"><c>handoff</c>, <c>question</c> or <c>escalation</c>.</param>
/// <param name="Id">The run, or the escalation.</param>
/// <param name="Content">What is said.</param>
/// <param name="Since">Since when it is so.</param>
internal sealed record ChannelNews(string Key, string Kind, string Id, string Content, DateTimeOffset Since)
{
    // What is looked at every few seconds has an end.
    private const int MaxPages = 5;
    private const int PageSize = 200;

    /// <summary>All there is now.</summary>
    public static async Task<ChannelLook> FindAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        var isComplete = true;
        var waiting = await ListAsync(RunState.Queued);
        var asking = await ListAsync(RunState.NeedsInput);
        var escalations = await workspace.Escalations.ListAsync(all: false, PageSize, cancellationToken);
        isComplete &= escalations.Count < PageSize;
        return new ChannelLook(
            [
                .. waiting
                    .Where(static run => run.Kind == RunKind.Handoff)
                    .Select(static run =>
                        Of(
                            "handoff",
                            run,
                            $"A hand-off waits: run {run.Id}. Take it with claim_run and this run_id, and report it with complete_run."
                        )
                    ),
                .. asking.Select(static run =>
                    Of(
                        "question",
                        run,
                        $"Run {run.Id} has questions for a person. get_run shows them; answer_run gives the person's answers."
                    )
                ),
                .. escalations.Select(static one => new ChannelNews(
                    $"escalation {one.Id}",
                    "escalation",
                    one.Id.ToString(CultureInfo.InvariantCulture),
                    $"Escalation {one.Id} is open: work has failed again and again and waits. get_status shows it; a person decides, and "
                        + "resolve_escalation lets it go on.",
                    one.Since
                )),
            ],
            isComplete
        );

        // In pages, since runs of every kind are in them and hand-offs may be the oldest.
        async Task<IReadOnlyList<Run>> ListAsync(RunState state)
        {
            var found = new List<Run>();
            for (var page = 0; page < MaxPages; page++)
            {
                var before = found.Count == 0 ? null : new RunPosition(found[^1].CreatedAt, found[^1].Id);
                var runs = await workspace.Runs.ListAsync(
                    new RunFilter
                    {
                        State = state,
                        Limit = PageSize,
                        Before = before,
                    },
                    cancellationToken
                );
                found.AddRange(runs);
                if (runs.Count < PageSize)
                {
                    return found;
                }
            }

            isComplete = false;
            return found;
        }
    }

    private static ChannelNews Of(string kind, Run run, string text) =>
        new($"{kind} {run.Id} {run.Attempt}", kind, run.Id, text, Latest(run.CreatedAt, run.EndedAt, run.HolderGoneSince));

    private static DateTimeOffset Latest(DateTimeOffset first, params ReadOnlySpan<DateTimeOffset?> others)
    {
        foreach (var other in others)
        {
            first = other is { } moment && moment > first ? moment : first;
        }

        return first;
    }
}
