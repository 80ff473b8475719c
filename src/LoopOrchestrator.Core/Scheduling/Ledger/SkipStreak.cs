namespace LoopOrchestrator.Core.Scheduling.Ledger;

/// <summary>
/// How many due moments of a schedule in a row were left out although nobody meant them to be: what a pause or the answer of an
/// <c>onlyIf</c> command leaves out is as it should be. Pure.
/// </summary>
/// <param name="Count">How many.</param>
/// <param name="Since">The first of them.</param>
/// <param name="Last">The last of them.</param>
/// <param name="Reason">Why the last one was left out.</param>
public sealed record SkipStreak(long Count, DateTimeOffset Since, DateTimeOffset Last, string Reason)
{
    /// <summary>Whether a row was left out, and not on purpose.</summary>
    public static bool Counts(Occurrence? row) =>
        row
            is
        {
            Outcome: OccurrenceOutcome.Skipped,
            Origin: OccurrenceOrigin.Schedule,
            ReasonCode: not (OccurrenceReasonCode.Paused or OccurrenceReasonCode.CheckSaidNo)
        };

    /// <summary>The streak that a schedule is in.</summary>
    /// <param name="rows">Its rows of the ledger, newest first.</param>
    /// <returns><see langword="null"/> where the newest row that has an outcome was not left out so.</returns>
    public static SkipStreak? Of(IEnumerable<Occurrence> rows)
    {
        // What waits says nothing yet, and is passed over.
        var streak = rows.SkipWhile(static row => row.Outcome is null).TakeWhile(Counts).ToList();
        return streak.Count == 0
            ? null
            : new SkipStreak(streak.Sum(static row => row.Count), streak[^1].DueAt, streak[0].LastDueAt, streak[0].Reason ?? "");
    }
}
