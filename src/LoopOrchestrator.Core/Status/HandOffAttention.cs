using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Status;

/// <summary>Hand-offs that nobody may be working on, in sentences for a person: their client is gone, or their holder is silent.</summary>
internal static class HandOffAttention
{
    public static IEnumerable<string> Describe(WorkspaceStatus status, int leaseSeconds, DateTimeOffset now)
    {
        var held = status.Running.Where(static run => run.Kind == RunKind.Handoff).ToList();
        foreach (var run in held)
        {
            if (Silent(run, leaseSeconds, now) is { } silent)
            {
                yield return $"Hand-off {run.Id} ({run.Mode}): {silent}";
            }
        }

        if (status.SchedulerProcess is null && held.Count > 0)
        {
            yield return $"{held.Count} hand-off(s) are in somebody's hands and no server looks after them, so none of them can wait "
                + "again: start one.";
        }

        foreach (var run in status.Queued.Where(static run => run is { Kind: RunKind.Handoff, Failure: RunFailure.Lease }))
        {
            yield return $"Hand-off {run.Id} ({run.Mode}) waits again: its client is "
                + $"gone{(run.HolderGoneSince is { } since ? $" since {Moment(since)}" : "")}. Take it with {ToolNames.ClaimRun}.";
        }
    }

    private static string? Silent(Run run, int leaseSeconds, DateTimeOffset now) =>
        run.Lease switch
        {
            null when now - run.AttemptStartedAt >= TimeSpan.FromSeconds(leaseSeconds) =>
                $"handed out by an earlier version, which noted no holder, {Minutes(now - run.AttemptStartedAt!.Value)} "
                    + $"ago. Report it with {ToolNames.CompleteRun} when it is done, or {ToolNames.CancelRun} ends it; else it ends at "
                    + $"{Moment(run.DeadlineAt!.Value)}.",
            { Kind: LeaseKind.Client } lease when lease.GoneSince is not null || RunCaller.IsGone(lease.Owner) =>
                $"its client is gone{(lease.GoneSince is { } since ? $" since {Moment(since)}" : "")}. It waits again in "
                    + $"{Minutes(TimeSpan.FromSeconds(leaseSeconds) - lease.Idle)}; until then whoever has its lease_token can report it.",
            { Idle: var idle } when idle.TotalSeconds >= leaseSeconds / 2.0 =>
                $"no sign of life of its holder for {Minutes(idle)}. It waits again in "
                    + $"{Minutes(TimeSpan.FromSeconds(leaseSeconds) - idle)}.",
            _ => null,
        };

    private static string Minutes(TimeSpan time) =>
        time.TotalSeconds < 120 ? $"{Math.Max(0, Math.Round(time.TotalSeconds)):0} s" : $"{time.TotalMinutes:0} min";

    private static string Moment(DateTimeOffset moment) => $"{moment.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}";
}
