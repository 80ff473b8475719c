using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli.Commands;

/// <summary>A run as a person reads it.</summary>
internal static class RunText
{
    /// <summary>The state of a run, and what is odd about a success.</summary>
    public static string State(Run run, bool hasNoEvidence) =>
        run.State.Name()
        + (
            hasNoEvidence ? " (no evidence)"
            : run.HasNoReport ? " (no report)"
            : ""
        );

    public static async Task WriteAsync(CommandSession session, Run run, CancellationToken cancellationToken)
    {
        var status = session.Workspace.Status;
        Write(session, run, await status.WhyNotAsync(run, cancellationToken), await status.EvidenceAsync(run, cancellationToken));
    }

    private static void Write(CommandSession session, Run run, WhyNot? whyNot, RunEvidence? evidence)
    {
        var zone = session.Workspace.Time.LocalTimeZone;
        Line("Run", run.Id);
        var hasNoEvidence = run.State == RunState.Succeeded && evidence is { Any: false };
        Line("State", State(run, hasNoEvidence) + (run.Reason is { } reason ? $": {reason}" : ""));
        Line("Why not", whyNot is null ? null : CommandWords.Of(whyNot.Text));
        Line("Evidence", evidence?.Describe());
        Line("Verified", run.IsUnverified ? "no: how it ended is known from files alone" : null);
        Line("Mode", run.Mode);
        Line("Agent", run.Kind == RunKind.Handoff ? "hand-off" : $"{run.AgentName()} ({run.AgentKindName()})");
        Line("Task", RunTitle.Of(run.Task));
        Line("Schedule", run.ScheduleId);
        Line("Started by", StartedBy(run, zone));
        Line("Part of", run.ParentRunId);
        Line("Asked for", ReadableText.Moment(run.CreatedAt, zone));
        Line(
            "Started",
            run.StartedAt is null ? null : ReadableText.Moment(run.StartedAt, zone) + (run.Attempt > 1 ? $", attempt {run.Attempt}" : "")
        );
        Line(
            "Ended",
            run.EndedAt is null
                ? null
                : ReadableText.Moment(run.EndedAt, zone)
                    + (run.StartedAt is { } started ? $", after {ReadableText.Duration((run.EndedAt.Value - started).TotalSeconds)}" : "")
        );
        Line(
            "Deadline",
            run.State.HasEnded() ? null
                : run.DeadlineAt is { } deadline ? ReadableText.Moment(deadline, zone)
                : $"{ReadableText.Duration(run.TimeoutSeconds)} after its start"
        );
        Line("Not before", run.NotBefore is null ? null : ReadableText.Moment(run.NotBefore, zone));
        Line("Exit code", run.ExitCode?.ToString());
        Line("Cost", run.CostUsd is { } cost ? $"{cost:0.0000} USD" : null);
        Line("Tokens", run.Tokens is { } tokens ? $"{tokens.Input} in ({tokens.Cached} from a cache), {tokens.Output} out" : null);
        Line("Session", run.SessionId);
        Line(
            "Limit",
            run.UsageLimit is { } limit
                ? limit.Kind + (limit.ResetsAt is { } until ? $", until {ReadableText.Moment(until, zone)}" : "")
                : null
        );
        Line("Refused", string.Join(", ", run.DeniedPermissions));
        WriteBlock(session, "Summary", run.Summary);
        WriteList("Findings", run.Findings);
        WriteList("Follow-ups", run.FollowUps);
        WriteList("Questions", run.Questions);
        WriteList("Answers", run.Answers);

        void Line(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                session.Output.WriteWrapped($"{name,-10} {SafeText.Escape(value)}", 11);
            }
        }

        void WriteList(string title, IReadOnlyList<string> items)
        {
            if (items.Count > 0)
            {
                session.Output.WriteLine($"\n{title}");
                foreach (var item in items)
                {
                    session.Output.WriteLine($"  - {ReadableText.Block(item).Replace("\n", "\n    ", StringComparison.Ordinal)}");
                }
            }
        }
    }

    /// <summary>By what it was started, in a word.</summary>
    public static string By(Run run) => run.IsCatchUp ? "catch-up" : run.Origin?.Name() ?? "";

    private static string? StartedBy(Run run, TimeZoneInfo zone) =>
        run.Origin switch
        {
            RunOrigin.Schedule => $"its due moment {ReadableText.Moment(run.ScheduledFor, zone)}"
                + (run.IsCatchUp ? ", to make up for what nothing could fire at its time" : ""),
            RunOrigin.Trigger => "somebody who triggered its schedule",
            RunOrigin.Run => "the run that it is a part of",
            RunOrigin.Cycle => "its cycle, as a step",
            RunOrigin.Request => "somebody who asked for it",
            _ => null,
        };

    /// <summary>The attempts, where there is more than one.</summary>
    public static void WriteAttempts(CommandSession session, IReadOnlyList<RunAttempt> attempts)
    {
        if (attempts.Count < 2)
        {
            return;
        }

        session.Output.WriteLine("\nAttempts");
        foreach (var attempt in attempts)
        {
            session.Output.WriteWrapped(
                $"  {attempt.Number}  {At(session, attempt.StartedAt)}  "
                    + $"{attempt.Outcome?.Name() ?? "going on"}{(attempt.Reason is { } reason ? $": {SafeText.Escape(reason)}" : "")}",
                5
            );
        }
    }

    /// <summary>What was decided of a run, and when.</summary>
    public static void WriteDecision(CommandSession session, RunDecision decision) =>
        session.Output.WriteWrapped($"  {At(session, decision.At)}  {SafeText.Escape(decision.Text)}", 4);

    // Each with its own offset: no heading has one for all, and the clock may have changed between two of them.
    private static string At(CommandSession session, DateTimeOffset moment) =>
        ReadableText.Moment(moment, session.Workspace.Time.LocalTimeZone);

    /// <summary>What a run asked for, as a tree.</summary>
    public static void WriteSubRuns(CommandSession session, IReadOnlyList<Run> runs)
    {
        if (runs.Count > 0)
        {
            session.Output.WriteLine("\nSub-runs");
            var shallowest = runs.Min(static run => run.Depth);
            foreach (var run in InTree(runs, runs.Where(run => run.Depth == shallowest)))
            {
                var indent = 2 * (run.Depth - shallowest) + 2;
                session.Output.WriteWrapped(
                    $"{new string(' ', indent)}{session.Id(run.Id)}  {run.State.Name()}  "
                        + $"{SafeText.Escape(run.Mode)}  {SafeText.Escape(ReadableText.Short(RunTitle.Of(run.Task)))}",
                    indent + 2
                );
            }
        }
    }

    private static IEnumerable<Run> InTree(IReadOnlyList<Run> all, IEnumerable<Run> level) =>
        level.SelectMany(run => InTree(all, all.Where(other => other.ParentRunId == run.Id)).Prepend(run));

    public static void WriteBlock(CommandSession session, string title, string? text)
    {
        if (!string.IsNullOrWhiteSpace(text))
        {
            session.Output.WriteLine($"\n{title}\n{ReadableText.Block(text)}");
        }
    }

    /// <summary>A hand-off in the hands of whoever reads this.</summary>
    public static async Task WriteTakenAsync(CommandSession session, Run run, CancellationToken cancellationToken)
    {
        var runs = session.Workspace.Runs;
        await WriteAsync(session, run, cancellationToken);
        session.Output.WriteLine(
            $"{"Lease",-10} {run.LeaseToken}; 'runs heartbeat {run.Id} --lease-token {run.LeaseToken}' at least "
                + $"every {runs.LeaseSeconds} s keeps it"
        );
        WriteBlock(session, "Brief", runs.Brief(run));
        await WriteNextAsync(session, run, cancellationToken);
    }

    /// <summary>Says what has to happen before a run that waits goes on.</summary>
    public static async Task WriteNextAsync(CommandSession session, Run run, CancellationToken cancellationToken)
    {
        var handOff = run.Kind == RunKind.Handoff;
        if (handOff && run.State == RunState.Running)
        {
            Next(
                run.LeaseToken is { } token
                    ? $"It is in your hands now. Report it with the tool complete_run (run_id {run.Id}, lease_token {token}), or with: "
                        + $"loop-orchestrator runs complete {run.Id} succeeded SUMMARY --lease-token {token}"
                    : $"It is in somebody's hands, who reports it with the tool complete_run or with: loop-orchestrator runs complete "
                        + $"{run.Id} succeeded SUMMARY --lease-token TOKEN"
            );
        }
        else if (handOff && run.State == RunState.Queued)
        {
            Next($"It waits for an agent that takes it with the tool claim_run, or with: loop-orchestrator runs " + $"claim {run.Id}");
        }
        else if (run.State == RunState.NeedsInput)
        {
            Next($"Answer its questions in their order with: loop-orchestrator runs answer {run.Id} ANSWER...");
        }
        else if (run.State == RunState.Queued && !await session.HasTrustedServerAsync(cancellationToken))
        {
            Next("No server that may start programs runs on this workspace at this moment. The run starts as soon as one does.");
        }
        else if (run.State == RunState.Queued && await session.Workspace.Runs.WhyHeldAsync(run, cancellationToken) is { } held)
        {
            Next($"It waits: {SafeText.Escape(held)}.");
        }
        else if (!run.State.HasEnded())
        {
            Next($"It goes on by itself. Look with: loop-orchestrator runs show {run.Id}");
        }

        void Next(string text)
        {
            session.Output.WriteLine();
            session.Output.WriteWrapped(text, 0);
        }
    }
}
