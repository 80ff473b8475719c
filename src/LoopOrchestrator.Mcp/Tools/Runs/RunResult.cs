using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Mcp.Tools.Runs;

/// <summary>A run as the tools that act on it answer. </summary>
internal sealed record RunResult
{
    public required string RunId { get; init; }

    /// <summary>queued, running, succeeded, failed, timed_out, cancelled, interrupted or needs_input.</summary>
    public required string State { get; init; }

    public required string Mode { get; init; }

    /// <summary>handoff means that you do the work.</summary>
    public required string Agent { get; init; }

    public string? Reason { get; init; }

    public string? Summary { get; init; }

    public int? ExitCode { get; init; }

    public DateTimeOffset? DeadlineAt { get; init; }

    /// <summary>For a hand-off that is yours: what to show with complete_run when you report it from elsewhere than here.</summary>
    public string? LeaseToken { get; init; }

    /// <summary>
    /// For how long it stays yours after this client is gone, or without a session after your last call that names it with the token.
    /// </summary>
    public int? LeaseSeconds { get; init; }

    /// <summary>For a hand-off: what to do, whole.</summary>
    public string? Brief { get; init; }

    /// <summary>What to do next.</summary>
    public string? Next { get; init; }

    public static RunResult From(Run run) =>
        new()
        {
            RunId = run.Id,
            State = run.State.Name(),
            Mode = run.Mode,
            Agent = run.AgentName(),
            Reason = run.Reason,
            Summary = run.Summary,
            ExitCode = run.ExitCode,
            DeadlineAt = run.DeadlineAt,
            Next = NextStep(run),
        };

    /// <summary>A hand-off in the hands of whoever gets this.</summary>
    public static RunResult Taken(Run run, int leaseSeconds, string? brief) =>
        From(run) with
        {
            LeaseToken = run.LeaseToken,
            LeaseSeconds = leaseSeconds,
            Brief = brief,
            Next = NextOfHolder(run, leaseSeconds),
        };

    /// <summary>What the holder of a hand-off does now.</summary>
    public static string NextOfHolder(Run run, int leaseSeconds) =>
        run.Lease?.Kind == LeaseKind.Client
            ? $"Do the work of the brief, then call complete_run with run_id \"{run.Id}\". It stays yours while this client lives; from "
                + "elsewhere give the lease_token too."
            : $"Do the work of the brief, then call complete_run with run_id \"{run.Id}\" and the lease_token. Until then "
                + $"call get_run with both at least every {leaseSeconds} s, so that it stays yours.";

    /// <summary>What anybody can do about a run; nothing once it has ended.</summary>
    public static string? NextStep(Run run) =>
        run switch
        {
            { State: RunState.Running, Kind: RunKind.Handoff } => $"Its holder does the work of the brief and reports it with "
                + $"complete_run (run_id \"{run.Id}\").",
            { State: RunState.NeedsInput } =>
                $"Ask a person its questions (get_run), then call answer_run with run_id \"{run.Id}\"; without answers "
                    + "your client asks, if it can.",
            { State: RunState.Queued, Kind: RunKind.Handoff } => $"Take it with claim_run (run_id \"{run.Id}\").",
            { State: RunState.Queued or RunState.Running } =>
                $"It goes on by itself. Look again with get_run (run_id \"{run.Id}\"; wait_seconds waits for its end).",
            _ => null,
        };
}
