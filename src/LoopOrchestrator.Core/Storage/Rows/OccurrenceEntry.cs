using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Storage.Rows;

/// <summary>
/// How due moments come into the ledger, each of them once, with the runs they bring; the same for all backends. Every method is a part
/// of one transaction.
/// </summary>
internal static class OccurrenceEntry
{
    /// <summary>Enters due moments; see <see cref="IOccurrenceLedger.EnterAsync(FireRequest, CancellationToken)"/>.</summary>
    public static FireResult? Enter(IOccurrenceTable rows, FireRequest request)
    {
        var state = rows.State(request.ScheduleId);
        if (
            state?.LastDueAt >= request.Segments[0].First
            || state?.LastDueAt > request.PlannedFrom
            || (state?.LastDueAt is not null && request.PlannedFrom is null)
        )
        {
            return null;
        }

        // A pause that came after the plan was made: a pause that was acknowledged lets nothing through. The next look plans anew.
        if (request.Segments.Any(static segment => segment.Outcome is null) && rows.IsPaused(request.ScheduleId))
        {
            return null;
        }

        var result = new FireResult(null, null, null);
        var entered = false;
        foreach (var segment in request.Segments)
        {
            // After a clock was set back, moments come that have their entry already: each has one outcome.
            if (Without(rows, request.ScheduleId, segment) is { } rest)
            {
                entered = true;
                result = rest.Outcome is { } outcome
                    ? RecordOutcome(rows, request, rest, outcome, rest.Reason, result)
                    : Fire(rows, request, rest, result);
            }
        }

        rows.RecordLastDue(request.ScheduleId, request.Segments[^1].Last);
        return entered ? result : null;
    }

    /// <summary>What becomes of a moment whose check has answered, and whose row was just taken away.</summary>
    public static FireResult Checked(IOccurrenceTable rows, FireRequest request)
    {
        var (segment, none) = (request.Segments[0], new FireResult(null, null, null));
        return segment.Outcome is { } outcome
            ? RecordOutcome(rows, request, segment, outcome, segment.Reason, none)
            : Fire(rows, request, segment, none);
    }

    /// <summary>
    /// Starts what waited longest, unless nothing waits or something of the schedule goes on. False when nothing started.
    /// </summary>
    public static bool StartWaiting(IOccurrenceTable rows, string scheduleId, Run run, string why, DateTimeOffset now)
    {
        if (rows.OldestWaiting(scheduleId) is not { } oldest || rows.ActiveRuns(scheduleId).Count > 0)
        {
            return false;
        }

        rows.AddRun(OfMoment(run, oldest.LastDueAt, oldest.IsCatchUp), now, why);
        rows.MarkStarted(oldest, run.Id, "started after the run before it had ended", now);
        rows.Measure(OccurrenceOutcome.Started, oldest.Count);
        return true;
    }

    /// <summary>Adds a run that was asked for by hand, and its row.</summary>
    /// <exception cref="UserErrorException">The schedule has a run already.</exception>
    public static void Trigger(IOccurrenceTable rows, string scheduleId, Run run, string why)
    {
        if (rows.ActiveRuns(scheduleId) is [var active, ..])
        {
            throw new UserErrorException(
                $"Schedule '{scheduleId}' has a run already: {active.Id} is {active.State.Name()}. Wait for its "
                    + $"end ({ToolNames.GetRun}), or cancel it ({ToolNames.CancelRun}), then trigger again."
            );
        }

        rows.AddRun(run with { Origin = RunOrigin.Trigger }, run.CreatedAt, why);
        var moment = FreeMoment(rows, scheduleId, run.CreatedAt);
        rows.Insert(
            new Occurrence(scheduleId, moment, moment, 1, OccurrenceOutcome.Started, OccurrenceFields.ByHand, run.Id, run.CreatedAt)
            {
                Origin = OccurrenceOrigin.Hand,
            }
        );
    }

    /// <summary>Adds a row. A moment of the schedule keeps its place; one triggered by hand at the same millisecond makes room.</summary>
    public static void Add(IOccurrenceTable rows, Occurrence occurrence)
    {
        if (occurrence.Origin != OccurrenceOrigin.Hand && rows.IsTaken(occurrence.ScheduleId, occurrence.DueAt))
        {
            var free = FreeMoment(rows, occurrence.ScheduleId, occurrence.DueAt);
            rows.MoveByHand(occurrence.ScheduleId, occurrence.DueAt, free);
        }

        rows.Insert(occurrence);
    }

    /// <summary>The first millisecond from <paramref name="moment"/> on that has no row yet.</summary>
    public static DateTimeOffset FreeMoment(IOccurrenceTable rows, string scheduleId, DateTimeOffset moment)
    {
        while (rows.IsTaken(scheduleId, moment))
        {
            moment = moment.AddMilliseconds(1);
        }

        return moment;
    }

    private static Run OfMoment(Run run, DateTimeOffset due, bool isCatchUp) =>
        run with
        {
            Origin = RunOrigin.Schedule,
            ScheduledFor = due,
            IsCatchUp = isCatchUp,
        };

    // What of a segment has no entry yet; none where all of it has.
    private static DueSegment? Without(IOccurrenceTable rows, string scheduleId, DueSegment segment)
    {
        var known = rows.CountBetween(scheduleId, segment.First, segment.Last);
        if (known == 0)
        {
            return segment;
        }

        return known >= segment.Count
            ? null
            : segment with
            {
                First = FreeMoment(rows, scheduleId, segment.First),
                Count = segment.Count - known,
            };
    }

    private static FireResult Fire(IOccurrenceTable rows, FireRequest request, DueSegment due, FireResult soFar)
    {
        var waiting = rows.CountWaiting(request.ScheduleId);
        var decision = OverlapRules.Decide(
            request,
            rows.ActiveRuns(request.ScheduleId),
            waiting,
            waiting == 0 ? null : rows.OldestWaiting(request.ScheduleId)?.DueAt,
            () => rows.Checking(request.ScheduleId)
        );
        switch (decision.Outcome)
        {
            case OccurrenceOutcome.Started when request.Plan is RunPlan.Accepted(var run, var why):
                rows.AddRun(
                    OfMoment(run, due.Last, due.IsCatchUp),
                    request.Now,
                    $"due {due.Last.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} by schedule '{request.ScheduleId}'; {why}"
                );
                Add(
                    rows,
                    new Occurrence(
                        request.ScheduleId,
                        due.First,
                        due.Last,
                        due.Count,
                        OccurrenceOutcome.Started,
                        "due",
                        run.Id,
                        request.Now
                    )
                    {
                        IsCatchUp = due.IsCatchUp,
                    }
                );
                rows.Measure(OccurrenceOutcome.Started, due.Count);
                return soFar with { StartedRunId = run.Id, Outcome = OccurrenceOutcome.Started };
            case { } outcome:
                return RecordOutcome(rows, request, due, outcome, decision.Reason, soFar, decision.RunId);
            default:
                Add(
                    rows,
                    new Occurrence(request.ScheduleId, due.First, due.Last, due.Count, null, decision.Reason, null, null)
                    {
                        Checking = decision.Checking,
                        IsCatchUp = due.IsCatchUp,
                    }
                );
                return soFar with { Outcome = null, InterruptRunId = decision.InterruptRunId ?? soFar.InterruptRunId };
        }
    }

    private static FireResult RecordOutcome(
        IOccurrenceTable rows,
        FireRequest request,
        DueSegment due,
        OccurrenceOutcome outcome,
        string? reason,
        FireResult soFar,
        string? runId = null
    )
    {
        // Moments in a row that were left out for one reason share a row, so a month of pause is one line and not four thousand.
        var isExtended =
            outcome is OccurrenceOutcome.Skipped or OccurrenceOutcome.Missed
            && rows.TryExtend(request.ScheduleId, due, outcome, reason, request.Now);
        if (!isExtended)
        {
            Add(
                rows,
                new Occurrence(request.ScheduleId, due.First, due.Last, due.Count, outcome, reason, runId, request.Now)
                {
                    ReasonCode = due.ReasonCode,
                }
            );
        }

        rows.Measure(outcome, due.Count);
        return soFar with
        {
            Outcome = outcome,
        };
    }
}
