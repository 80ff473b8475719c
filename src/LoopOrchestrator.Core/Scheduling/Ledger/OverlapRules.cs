using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Definition;

namespace LoopOrchestrator.Core.Scheduling.Ledger;

/// <summary>What becomes of a due moment while other work of its schedule waits or goes on. Pure.</summary>
internal static class OverlapRules
{
    /// <summary>Why an occurrence waits whose check is begun, or about to be.</summary>
    public const string Asked = "its onlyIf command is asked first";

    /// <summary>Decides.</summary>
    /// <param name="request">What is to be entered.</param>
    /// <param name="active">The schedule's runs that are queued or going on, the oldest first.</param>
    /// <param name="waiting">How many of its moments wait for their turn.</param>
    /// <param name="oldest">The oldest of those; <see langword="null"/> for none.</param>
    /// <param name="checking">Asked only where it matters: what waits for its <c>onlyIf</c> check, the oldest first.</param>
    public static OverlapDecision Decide(
        FireRequest request,
        IReadOnlyList<Run> active,
        long waiting,
        DateTimeOffset? oldest,
        Func<IReadOnlyList<Occurrence>> checking
    )
    {
        if (request.Plan is RunPlan.Refused refused)
        {
            return new OverlapDecision(OccurrenceOutcome.Skipped, refused.Reason);
        }

        if (request.Checks)
        {
            return Check(request, checking());
        }

        if (active.Count == 0 && waiting == 0)
        {
            return new OverlapDecision(OccurrenceOutcome.Started, null);
        }

        // Moments that are made up for keep their turn whatever the rule of overlap: it is about what comes due while work is going on.
        var isCatchUp = request.Segments.Count(static segment => segment.Outcome is null) > 1;
        if (request.KeepsEach && (isCatchUp || request.Interaction == TaskInteraction.Wait) && waiting < request.MaxWaiting)
        {
            return new OverlapDecision(null, "waits for its turn");
        }

        if (oldest is { } first)
        {
            return new OverlapDecision(
                OccurrenceOutcome.Coalesced,
                $"the occurrence of {first.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} waits already"
            );
        }

        if (active.FirstOrDefault(static run => run.State == RunState.Queued) is { } queued)
        {
            var why = queued.Kind == RunKind.Handoff ? "waits to be claimed" : "waits to be started";
            return new OverlapDecision(OccurrenceOutcome.Coalesced, $"run {queued.Id} {why}") { RunId = queued.Id };
        }

        var running = active[0].Id;
        return request.Interaction switch
        {
            TaskInteraction.Skip => new OverlapDecision(
                OccurrenceOutcome.Skipped,
                $"run {running} is still going on and taskInteraction is skip"
            ),
            TaskInteraction.Interrupt => new OverlapDecision(null, $"waits for the end of run {running}, which it interrupts")
            {
                InterruptRunId = running,
            },
            _ => new OverlapDecision(null, $"waits for the end of run {running}"),
        };
    }

    // One check of a schedule at a time: what comes due while it goes on has its answer, too.
    private static OverlapDecision Check(FireRequest request, IReadOnlyList<Occurrence> checking) =>
        checking.Count > 0 && (!request.KeepsEach || checking.Count >= request.MaxWaiting)
            ? new OverlapDecision(
                OccurrenceOutcome.Coalesced,
                $"the onlyIf check of the occurrence of {checking[0].DueAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} is going on"
            )
            : new OverlapDecision(null, Asked) { Checking = 1 };
}
