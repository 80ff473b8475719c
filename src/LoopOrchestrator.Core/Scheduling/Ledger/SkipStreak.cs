namespace LoopOrchestrator.Core.Scheduling.Ledger;

/// <summary>
/// How many due moments of a schedule in a row were left out although nobody meant them to be: what a pause or the answer of an
/// <c>onlyIf</c> command leaves out is as it should be, and ends it.
/// </summary>
/// <param name="Count">How many.</param>
/// <param name="Since">The first of them.</param>
/// <param name="Last">The last of them.</param>
/// <param name="Reason">Why the last one was left out.</param>
public sealed record SkipStreak(long Count, DateTimeOffset Since, DateTimeOffset Last, string Reason);
