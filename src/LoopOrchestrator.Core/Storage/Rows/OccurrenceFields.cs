using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Ledger;

namespace LoopOrchestrator.Core.Storage.Rows;

/// <summary>What rows of the ledger say: occurrences, their slots, and what is recorded of a schedule itself.</summary>
internal static class OccurrenceFields
{
    /// <summary>What is said of an occurrence that belongs to no due moment.</summary>
    public const string ByHand = "triggered by hand";

    /// <summary>What is written of an occurrence.</summary>
    public static (string Name, object? Value)[] Parameters(Occurrence occurrence) =>
        [
            ("@id", occurrence.ScheduleId),
            ("@due", occurrence.DueAt),
            ("@last", occurrence.LastDueAt),
            ("@count", occurrence.Count),
            ("@origin", OccurrenceNames.Name(occurrence.Origin)),
            ("@outcome", occurrence.Outcome is { } outcome ? OccurrenceNames.Name(outcome) : null),
            ("@reason", occurrence.Reason),
            ("@code", occurrence.ReasonCode is { } code ? OccurrenceNames.Name(code) : null),
            ("@run", occurrence.RunId),
            ("@decided", occurrence.DecidedAt),
            ("@checking", occurrence.Checking),
            ("@catchUp", occurrence.IsCatchUp),
        ];

    /// <summary>An occurrence.</summary>
    public static Occurrence Map<TRow>(TRow row)
        where TRow : struct, IRow =>
        new(
            row.Text("schedule_id")!,
            row.Moment("due_at")!.Value,
            row.Moment("last_due_at")!.Value,
            row.Integer("count")!.Value,
            OccurrenceNames.Outcome(row.Text("outcome")),
            row.Text("reason"),
            row.Text("run_id"),
            row.Moment("decided_at")
        )
        {
            Origin = OccurrenceNames.Origin(row.Text("origin")),
            ReasonCode = OccurrenceNames.ReasonCode(row.Text("reason_code")),
            IsCatchUp = row.Flag("catch_up") == true,
            Checking = (int)row.Integer("checking")!.Value,
            CheckFolder = row.Text("check_folder"),
            CheckHash = row.Text("check_hash"),
        };

    /// <summary>An occurrence with the state of its run beside it, as <c>run_state</c>.</summary>
    public static Occurrence MapWithRun<TRow>(TRow row)
        where TRow : struct, IRow => Map(row) with { RunState = RunNames.State(row.Text("run_state")) };

    /// <summary>A slot, of a row that counts single moments.</summary>
    public static OccurrenceSlot MapSlot<TRow>(TRow row)
        where TRow : struct, IRow =>
        new(
            row.Text("schedule_id")!,
            row.Moment("at")!.Value,
            OccurrenceNames.Outcome(row.Text("outcome")),
            RunNames.State(row.Text("run_state")),
            row.Integer("n")!.Value
        );

    /// <summary>A streak, of a row of its sums; <see langword="null"/> where they are about nothing.</summary>
    public static SkipStreak? MapStreak<TRow>(TRow row)
        where TRow : struct, IRow =>
        row.Integer("n") is { } count
            ? new SkipStreak(count, row.Moment("first")!.Value, row.Moment("last")!.Value, row.Text("reason") ?? "")
            : null;

    /// <summary>What is recorded of a schedule.</summary>
    public static ScheduleState MapState<TRow>(TRow row)
        where TRow : struct, IRow =>
        new(row.Moment("last_due_at"), row.Moment("paused_at"), row.Text("paused_reason"), row.Moment("resumed_at"))
        {
            FirstSeenAt = row.Moment("seen_at"),
            PausedUntil = row.Moment("paused_until"),
            PausedBy = CauseOf(row.Text("paused_by")),
            Fingerprint = row.Text("timing"),
            CountsFrom = row.Moment("since_at"),
        };

    /// <summary>
    /// About how many moments of a row are not before <paramref name="since"/>: they lie about as far from each other as its first from its
    /// last allows.
    /// </summary>
    public static long ShareSince(Occurrence row, DateTimeOffset since) =>
        row.LastDueAt == row.DueAt
            ? row.Count
            : Math.Clamp((long)Math.Round(row.Count * ((row.LastDueAt - since) / (row.LastDueAt - row.DueAt))), 1, row.Count);

    /// <summary>The name of a kind of cause of pauses.</summary>
    public static string NameOf(PausedBy by) =>
        by switch
        {
            PausedBy.Person => "person",
            PausedBy.Escalation => "escalation",
            PausedBy.Budget => "budget",
            _ => throw new ArgumentOutOfRangeException(nameof(by), by, message: null),
        };

    private static PausedBy? CauseOf(string? name) =>
        name switch
        {
            "person" => PausedBy.Person,
            "escalation" => PausedBy.Escalation,
            "budget" => PausedBy.Budget,
            _ => null,
        };
}
