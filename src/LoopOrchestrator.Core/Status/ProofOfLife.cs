using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Status;

/// <summary>
/// Whether the schedules of a workspace fire, told by what became of their due moments and not by anybody's word. Pure: the same facts
/// give the same sentence on every surface.
/// </summary>
public sealed record ProofOfLife
{
    /// <summary>How far back due moments are counted that have their outcome. One without any is counted however old it is.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromDays(7);

    /// <summary>Since when a process fires schedules; <see langword="null"/> when none does.</summary>
    public required DateTimeOffset? FiringSince { get; init; }

    /// <summary>How many moments were due.</summary>
    public required long Due { get; init; }

    /// <summary>How many of them are entered and wait: for their turn, or for the answer of their check.</summary>
    public required long Waiting { get; init; }

    /// <summary>How many of them nothing has ever entered, though their time is over: nobody fired them.</summary>
    public required long Missing { get; init; }

    /// <summary>Whether more are missing than were counted.</summary>
    public bool IsMissingMore { get; init; }

    /// <summary>How many schedules are active.</summary>
    public required int ActiveSchedules { get; init; }

    /// <summary>The name of the schedule that fires next; <see langword="null"/> when none will.</summary>
    public string? NextName { get; init; }

    /// <summary>When it does.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>How many due moments have an outcome.</summary>
    public long WithOutcome => Due - Waiting - Missing;

    /// <summary>
    /// Whether all is as it should be: no moment is missing, and something fires, or there is nothing to fire.
    /// </summary>
    public bool IsAlive => Missing == 0 && (FiringSince is not null || ActiveSchedules == 0);

    /// <summary>Reads it off a workspace's status.</summary>
    /// <param name="schedules">Where each schedule stands.</param>
    /// <param name="firingSince">Since when a process fires schedules.</param>
    /// <param name="ledger">What the ledger has of the last <see cref="Period"/>.</param>
    public static ProofOfLife Of(IReadOnlyList<ScheduleStatus> schedules, DateTimeOffset? firingSince, DueCount ledger)
    {
        ArgumentNullException.ThrowIfNull(schedules);
        ArgumentNullException.ThrowIfNull(ledger);
        var missing = schedules.Sum(static schedule => schedule.MissingCount);
        var next = schedules
            .Where(static schedule => schedule is { Schedule.Active: true, Paused: null, NextOccurrence: not null })
            .MinBy(static schedule => schedule.NextOccurrence);
        return new ProofOfLife
        {
            FiringSince = firingSince,
            Due = ledger.Due + missing,
            Waiting = ledger.Waiting,
            Missing = missing,
            IsMissingMore = schedules.Any(static schedule => schedule.MissingCount >= ScheduleStatus.MaxMissing),
            ActiveSchedules = schedules.Count(static schedule => schedule.Schedule.Active),
            NextName = next?.Schedule.Name,
            NextAt = next?.NextOccurrence,
        };
    }

    /// <summary>It in words.</summary>
    /// <param name="now">The moment from which on spans are told.</param>
    public string Describe(DateTimeOffset now)
    {
        var firing =
            FiringSince is { } since ? $"Firing since {RelativeTime.InTwoUnits(since, now)}."
            : ActiveSchedules == 0 ? "Nothing fires: no server runs, and no schedule is active."
            : "Nothing fires: no server runs on this workspace.";
        var waiting = Waiting > 0 ? $", {Waiting} {(Waiting == 1 ? "waits" : "wait")}" : "";
        var missing = Missing > 0 ? $", {(IsMissingMore ? "at least " : "")}{Missing} {(Missing == 1 ? "has" : "have")} none" : "";
        return $"{firing} {WithOutcome} of {Due} due {(Due == 1 ? "moment has" : "moments have")} an outcome{waiting}{missing}.{Next(now)}";
    }

    private string Next(DateTimeOffset now) =>
        FiringSince is null ? ""
        : ActiveSchedules == 0 ? " Next: nothing, no schedule is active."
        : NextAt is not { } next ? " Next: nothing, each schedule is paused or never due again."
        : $" Next: {TextCut.Shorten(NextName!, 60)} {(next <= now ? "now" : RelativeTime.Of(next, now))}.";
}
