using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Recovery;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary>The status as a person reads it: what needs attention stands first.</summary>
internal static class StatusText
{
    private const int MaxQueued = 20;
    private const int MaxDone = 3;

    /// <param name="session">Where it is written.</param>
    /// <param name="status">The status.</param>
    /// <param name="now">What needs a person, in its order.</param>
    /// <param name="paused">The pause of all schedules; those of single ones stand in their table.</param>
    public static void Write(CommandSession session, WorkspaceStatus status, NowView now, ScheduleState paused)
    {
        var output = session.Output;
        var workspace = session.Workspace;
        output.WriteWrapped($"Loop       {SafeText.Escape(status.Life.Describe(status.At))}", 11);
        output.WriteLine($"Workspace  {SafeText.Escape(workspace.Paths.Root)}");
        WriteNeeds(session, now);
        WriteList(output, "Needs attention", [.. status.Sentences.Select(CommandWords.Of)]);
        if (status.Attention.Count > 0)
        {
            output.WriteLine();
        }

        if (!File.Exists(workspace.Paths.Database) && LostState.Find(workspace.Paths, workspace.Time) is null)
        {
            output.WriteLine("State      none yet: no server has run here and no run was asked for");
        }

        var trust =
            status.TrustGivenBy is { } by ? "given: " + SafeText.Escape(by)
            : session.Options.TrustWorkspace.Value == false ? "refused: " + session.Options.TrustWorkspace.Source
            : "not given: agent programs are not started. Give it with: loop-orchestrator trust";
        output.WriteWrapped($"Trust      {trust}", 11);
        if (status.TrustNote is { } note)
        {
            output.WriteWrapped($"           {SafeText.Escape(note)}", 11);
        }

        if (paused.PausedAt is { } since)
        {
            output.WriteLine(
                $"Paused     all schedules, since {ReadableText.Moment(since, workspace.Time.LocalTimeZone)}: "
                    + $"{SafeText.Escape(paused.PausedReason ?? "")}"
            );
        }

        output.WriteLine($"Memory     {status.Memory.Lines} of {status.Memory.MaxLines} lines");
        output.WriteWrapped($"Runs       {Counts(status)}", 11);
        WriteServers(session, status);
        WriteList(output, $"Incidents ({status.Incidents.Count})", Incidents(session, status));
        WriteFailed(session, status.FailedLately);
        WriteRuns(session, status.Running, "Running", static run => run.StartedAt);
        WriteRuns(session, status.Queued, "Queued", static run => run.CreatedAt);
        WriteSchedules(session, status);
        WriteList(output, "Why not now", WhyNot(session, status));
        WriteList(output, "Findings in the files", status.Diagnostics.Select(static diagnostic => diagnostic.ToString()).ToList());
    }

    /// <summary>The table of schedules that <c>status</c> and <c>schedules list</c> show.</summary>
    public static TextTable Table(CommandSession session, IEnumerable<ScheduleStatus> schedules)
    {
        var table = new TextTable(Column.Whole("SCHEDULE"), "MODE", "EVERY", "NEXT DUE", Column.States("LAST OUTCOME"), "NAME");
        foreach (var entry in schedules)
        {
            var schedule = entry.Schedule;
            table.Add(
                schedule.Id,
                schedule.Mode,
                schedule.Cron is { } cron ? $"cron {cron}" : schedule.Interval?.ToString() ?? "never by itself",
                !schedule.Active ? "inactive"
                    : entry.Paused is { } paused ? ReadableText.Short($"paused {paused}")
                    : NextDue(session, entry),
                LastOutcome(session, entry),
                ReadableText.Short(schedule.Name)
            );
        }

        return table;
    }

    // A schedule that names no start and never fired is due whenever a server first sees it, and not at the moment of this very look.
    private static string NextDue(CommandSession session, ScheduleStatus entry) =>
        entry.NextOccurrence is { } next && entry.Last is null && entry.Schedule.Active && next <= session.Workspace.Time.GetUtcNow()
            ? "at once, when a server runs"
            : session.Moment(entry.NextOccurrence, entry.Schedule.TimeZone);

    // What became of the work; and where a later due moment was given none, what the ledger has for that.
    private static string? LastOutcome(CommandSession session, ScheduleStatus entry)
    {
        var zone = entry.Schedule.TimeZone;
        var ledger = entry.Last?.OutcomeName;
        if (entry.LastRun is not { } run)
        {
            return ledger is null ? null : $"{ledger} {session.Moment(entry.Last!.LastDueAt, zone)}";
        }

        var work = $"{run.State.Name()} {session.Moment(run.EndedAt ?? run.StartedAt ?? run.CreatedAt, zone)}";
        return entry.Last?.RunId == run.Id || ledger is null ? work : $"{work}, then {ledger}";
    }

    // What only waits for its moment stands in the tables; a reason that many runs share is told once.
    private static List<string> WhyNot(CommandSession session, WorkspaceStatus status)
    {
        var schedules = status
            .Schedules.Where(static entry => entry is { Schedule.Active: true, WhyNot.IsOrdinary: false })
            .Select(static entry => $"schedule '{entry.Schedule.Id}': {CommandWords.Of(entry.WhyNot!.Text)}");
        var runs = status
            .Queued.Where(run => status.Waits.GetValueOrDefault(run.Id) is { IsOrdinary: false })
            .GroupBy(run => status.Waits[run.Id].Text, StringComparer.Ordinal)
            .Select(group =>
                $"run {session.Id(group.First().Id)}{(group.Skip(1).Any() ? $" and {group.Count() - 1} more" : "")}: "
                + CommandWords.Of(group.Key)
            );
        return [.. schedules.Concat(runs).Take(MaxQueued)];
    }

    // The sentences below say what to do; this is the same in the order in which it is wanted, a line each.
    private static void WriteNeeds(CommandSession session, NowView now)
    {
        var done = now.Needs.Count(static need => need.Kind == NeedKind.Done);
        var shown = now.Needs.Where(static need => need.Kind != NeedKind.Done).Take(MaxQueued).ToList();
        shown.AddRange(now.Needs.Where(static need => need.Kind == NeedKind.Done).Take(MaxDone));
        if (shown.Count == 0)
        {
            return;
        }

        var table = new TextTable(Column.States("NEEDS YOU"), Column.Whole("SINCE"), Column.Ids("RUN"), "WHAT", "WHY");
        foreach (var need in shown)
        {
            table.Add(
                need.KindName + (need.HasNoEvidence ? " (no evidence)" : ""),
                session.Moment(need.Since),
                need.RunId,
                ReadableText.Short(need.Title) + (need.Count > 1 ? $" ({need.Count})" : ""),
                ReadableText.Short(CommandWords.Of(need.Text))
            );
        }

        session.Output.WriteLine();
        table.Write(session.Output);
        if (done > MaxDone)
        {
            session.Output.WriteLine($"{(now.HasMoreNeeds ? "At least " : "")}{done - MaxDone} more are done and unseen.");
        }

        if (shown.Exists(static need => need.Action == NeedAction.Acknowledge))
        {
            session.Output.WriteLine("When you have seen it: loop-orchestrator runs seen RUN (or --all)");
        }
    }

    private static List<string> Incidents(CommandSession session, WorkspaceStatus status) =>
        [
            .. status
                .Incidents.Take(MaxQueued)
                .Select(incident =>
                    $"{incident.Id} {incident.Kind.Name()}, {incident.Subject}, since {session.Moment(incident.Since)}"
                    + $"{(incident.Count > 1 ? $", {incident.Count} times" : "")}: {incident.Reason}"
                ),
            .. status
                .Undelivered.Where(static notice => notice.Error is null)
                .Take(MaxQueued)
                .Select(static notice => $"{notice.IncidentId} {notice.Event}: about to be delivered to {notice.Target}"),
        ];

    private static string Counts(WorkspaceStatus status)
    {
        var counts = status
            .RunCounts.Where(static pair => pair.Value > 0)
            .OrderBy(static pair => pair.Key)
            .Select(pair =>
                $"{pair.Value} {pair.Key.Name()}"
                + $"{(pair.Key == RunState.Succeeded && status.WithoutReport > 0 ? $" ({status.WithoutReport} no report)" : "")}"
            )
            .ToList();
        return counts.Count == 0 ? "none so far" : string.Join(", ", counts);
    }

    private static void WriteServers(CommandSession session, WorkspaceStatus status)
    {
        var servers = status
            .Servers.Select(server =>
                $"process {server.Pid}, {server.Mode}, {(server.Trusted ? "trusted" : "not trusted")}, since "
                + $"{session.Moment(server.StartedAt)}"
                + (server.Identity == status.SchedulerProcess ? ", fires schedules" : "")
            )
            .ToList();
        WriteList(session.Output, "Servers", servers.Count == 0 ? ["none runs on this workspace"] : servers);
    }

    private static void WriteRuns(CommandSession session, IReadOnlyList<Run> runs, string title, Func<Run, DateTimeOffset?> since)
    {
        if (runs.Count == 0)
        {
            return;
        }

        var table = new TextTable(Column.Ids("RUN"), "MODE", "AGENT", Column.Whole("SINCE"), "TASK");
        foreach (var run in runs.Take(MaxQueued))
        {
            table.Add(
                run.Id,
                run.Mode,
                run.Kind == RunKind.Handoff ? "hand-off" : run.AgentName(),
                session.Moment(since(run)),
                ReadableText.Short(RunTitle.Of(run.Task))
            );
        }

        session.Output.WriteLine($"\n{title} ({runs.Count})");
        table.Write(session.Output, "  ");
    }

    private static void WriteFailed(CommandSession session, IReadOnlyList<Run> runs)
    {
        if (runs.Count == 0)
        {
            return;
        }

        var table = new TextTable(Column.Ids("RUN"), Column.States("STATE"), "MODE", Column.Whole("ENDED"), "WHY");
        foreach (var run in runs.Take(MaxQueued))
        {
            table.Add(run.Id, run.State.Name(), run.Mode, session.Moment(run.EndedAt), ReadableText.Short(run.Reason));
        }

        session.Output.WriteLine($"\nFailed since yesterday ({runs.Count})");
        table.Write(session.Output, "  ");
    }

    private static void WriteSchedules(CommandSession session, WorkspaceStatus status)
    {
        var output = session.Output;
        var active = Table(session, status.Schedules.Where(static entry => entry.Schedule.Active));
        var inactive = status.Schedules.Count - active.Count;
        output.WriteLine($"\nSchedules ({active.Count} active{(inactive > 0 ? $", {inactive} inactive" : "")})");
        if (active.Count > 0)
        {
            active.Write(output, "  ");
        }
    }

    private static void WriteList(TextWriter output, string title, List<string> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        output.WriteLine($"\n{title}");
        foreach (var line in lines)
        {
            output.WriteWrapped($"  - {SafeText.Escape(line)}", 4);
        }
    }
}
