using LoopOrchestrator.Core.Acknowledgements;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Core.Trust;

namespace LoopOrchestrator.Core.Status;

/// <summary>
/// What one look at a workspace is to tell, in the order in which it is told on every surface: whether it lives, what needs a person, what
/// runs, what waits, what comes next, what was spent. Pure. What needs a person stands blocked before failed before done, and what has
/// waited longest first.
/// </summary>
public sealed record NowView
{
    /// <summary>For how long what has ended waits to be seen.</summary>
    public static readonly TimeSpan Lately = TimeSpan.FromDays(7);

    /// <summary>How many of what was done last there are.</summary>
    internal const int MaxDoneLately = 6;

    /// <summary>How many next occurrences there are.</summary>
    internal const int MaxNext = 10;

    private const int MaxText = 300;
    private const int MaxHeld = 3;

    /// <summary>The moment that it is about.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Whether the schedules fire.</summary>
    public required ProofOfLife Life { get; init; }

    /// <summary>What needs a person.</summary>
    public required IReadOnlyList<Need> Needs { get; init; }

    /// <summary>Whether more needs a person than was read.</summary>
    public required bool HasMoreNeeds { get; init; }

    /// <summary>What runs, the oldest first.</summary>
    public required IReadOnlyList<Run> Running { get; init; }

    /// <summary>What waits to be started, in the order in which it will be.</summary>
    public required IReadOnlyList<Run> Queued { get; init; }

    /// <summary>Why each of those waits, by its id.</summary>
    public required IReadOnlyDictionary<string, WhyNot> Waits { get; init; }

    /// <summary>The schedules that fire next, each once.</summary>
    public required IReadOnlyList<ScheduleStatus> Next { get; init; }

    /// <summary>What has succeeded last, seen or not, the latest first.</summary>
    public required IReadOnlyList<Run> DoneLately { get; init; }

    /// <summary>What was spent today.</summary>
    public required DaySpend Spend { get; init; }

    /// <summary>The limits of usage that agents have run into.</summary>
    public required IReadOnlyList<PlanWindow> Windows { get; init; }

    /// <summary>Everything that a person should look at or do, in sentences; as in the status.</summary>
    public required IReadOnlyList<string> Sentences { get; init; }

    /// <summary>Makes it of what was read.</summary>
    internal static NowView Of(WorkspaceStatus status, NowFacts facts)
    {
        ArgumentNullException.ThrowIfNull(status);
        ArgumentNullException.ThrowIfNull(facts);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var schedule in status.Schedules)
        {
            names.TryAdd(schedule.Schedule.Id, schedule.Schedule.Name);
        }

        return new NowView
        {
            At = status.At,
            Life = status.Life,
            Needs =
            [
                .. Blocked(status, facts, names)
                    .Concat(Failed(facts, names))
                    .Concat(Done(facts, names))
                    .OrderBy(static need => need.Kind)
                    .ThenBy(static need => need.Since ?? DateTimeOffset.MaxValue),
            ],
            HasMoreNeeds =
                facts.Failed.Count >= UnseenRuns.MaxSubjects
                || facts.Done.Count >= UnseenRuns.MaxSubjects
                || status.NeedInput.Count >= WorkspaceStatus.MaxNeedInput,
            Running = [.. status.Running.OrderBy(static run => run.StartedAt)],
            Queued = status.Queued,
            Waits = status.Waits,
            Next =
            [
                .. status
                    .Schedules.Where(static one => one is { Schedule.Active: true, Paused: null, NextOccurrence: not null })
                    .OrderBy(static one => one.NextOccurrence)
                    .Take(MaxNext),
            ],
            DoneLately = facts.DoneLately,
            Spend = facts.Spend,
            Windows =
            [
                .. status
                    .Queued.Where(static run => run is { Failure: RunFailure.UsageLimit, NotBefore: not null, Agent: not null })
                    .GroupBy(static run => run.Agent!, StringComparer.Ordinal)
                    .Select(static runs => new PlanWindow(
                        runs.Key,
                        runs.Select(static run => run.UsageLimit?.Kind).FirstOrDefault(static kind => kind is not null),
                        runs.Min(static run => run.NotBefore)!.Value,
                        runs.Count()
                    )),
            ],
            Sentences = status.Sentences,
        };
    }

    private static IEnumerable<Need> Blocked(WorkspaceStatus status, NowFacts facts, Dictionary<string, string> names)
    {
        foreach (var run in status.NeedInput)
        {
            yield return new Need(
                NeedKind.Blocked,
                NeedAction.Answer,
                NameOf(run, names),
                run.Questions.Count switch
                {
                    0 => "It needs an answer before it can go on.",
                    1 => run.Questions[0],
                    var count => $"{run.Questions[0]} ({count} questions)",
                },
                run.EndedAt ?? run.AttemptStartedAt ?? run.CreatedAt
            )
            {
                Run = run,
            };
        }

        foreach (var escalation in status.Escalations)
        {
            yield return new Need(
                NeedKind.Blocked,
                NeedAction.Resolve,
                escalation.ScheduleId is { } id ? names.GetValueOrDefault(id, id) : $"{escalation.Mode}: {RunTitle.Of(escalation.Task)}",
                $"{Sentence.Begin(escalation.Reason)}. Nothing of it runs until this is resolved.",
                escalation.Since
            )
            {
                EscalationId = escalation.Id,
                RunId = escalation.Runs[^1],
                Run = status.StillFailed.FirstOrDefault(run => run.Id == escalation.Runs[^1]),
                Count = escalation.Runs.Count,
            };
        }

        foreach (var hold in status.HeldAgents)
        {
            var what = hold.Failure == RunFailure.SignIn ? "is not signed in: its key was refused" : "gets no answer of a model";
            yield return new Need(
                NeedKind.Blocked,
                NeedAction.ResumeAgent,
                $"Agent {hold.Agent}",
                $"It {what} ({hold.Reason}). Its other runs are held back. Mend that, then let it go on.",
                hold.Since
            )
            {
                Agent = hold.Agent,
                Count = status.Queued.Count(run => run.Agent == hold.Agent),
            };
        }

        foreach (var cycle in status.Held)
        {
            yield return new Need(
                NeedKind.Blocked,
                NeedAction.AtTheServer,
                NameOf(cycle.Run, names),
                $"The cycle is held: {cycle.HeldReason}.",
                cycle.HeldSince
            )
            {
                Run = cycle.Run,
            };
        }

        if (status.HeldBack.Count > 0)
        {
            yield return new Need(
                NeedKind.Blocked,
                NeedAction.AtTheServer,
                "Held back",
                string.Join("; ", status.HeldBack.Take(MaxHeld))
                    + $"{(status.HeldBack.Count > MaxHeld ? $"; and {status.HeldBack.Count - MaxHeld} more" : "")}. "
                    + $"{ApprovedEntries.HowTo}.",
                Since: null
            )
            {
                Count = status.HeldBack.Count,
            };
        }

        var untrusted = status.Queued.Where(static run => run.Kind == RunKind.Agent && run.NotBefore is null).ToList();
        if (untrusted.Count > 0 && !facts.IsTrusted && !status.Servers.Any(static server => server.Trusted))
        {
            yield return new Need(
                NeedKind.Blocked,
                NeedAction.AtTheServer,
                "Not trusted",
                $"{untrusted.Count} run(s) wait because no program of this workspace may be started. Say so with "
                    + "'loop-orchestrator trust'.",
                untrusted.Min(static run => run.CreatedAt)
            )
            {
                Count = untrusted.Count,
            };
        }

        if (status.LimitReached is { } limit)
        {
            yield return new Need(
                NeedKind.Blocked,
                NeedAction.AtTheServer,
                "At a limit",
                $"No further run is accepted now; {limit}.",
                Since: null
            );
        }
    }

    private static IEnumerable<Need> Failed(NowFacts facts, Dictionary<string, string> names) =>
        facts.Failed.Select(runs =>
            Ended(NeedKind.Failed, runs, names, runs.Latest.Reason is { Length: > 0 } reason ? Sentence.Begin(reason) : "")
        );

    private static IEnumerable<Need> Done(NowFacts facts, Dictionary<string, string> names) =>
        facts.Done.Select(runs =>
            Ended(NeedKind.Done, runs, names, runs.Latest.Summary ?? "") with
            {
                HasNoEvidence = facts.WithoutEvidence.Contains(runs.Latest.Id),
            }
        );

    private static Need Ended(NeedKind kind, UnseenRuns runs, Dictionary<string, string> names, string text) =>
        new(kind, NeedAction.Acknowledge, NameOf(runs.Latest, names), TextCut.Shorten(text.Trim(), MaxText), runs.FirstEndedAt)
        {
            Run = runs.Latest,
            Count = runs.Count,
            Subject = runs.Subject,
            Until = runs.Latest.EndedAt,
        };

    private static string NameOf(Run run, Dictionary<string, string> names) =>
        run.ScheduleId is { } id ? names.GetValueOrDefault(id, run.Title ?? id) : $"{run.Mode}: {RunTitle.Of(run.Task)}";
}
