using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Mcp.Tools.Runs;

/// <summary>The answer of <c>claim_run</c>; without a run when none waits.</summary>
internal sealed record ClaimResult(
    string? RunId,
    string? State,
    string? Mode,
    string? Agent,
    DateTimeOffset? DeadlineAt,
    string? LeaseToken,
    int? LeaseSeconds,
    string? Brief,
    string Next
)
{
    /// <param name="runs">Where it was taken.</param>
    /// <param name="run">What was taken; <see langword="null"/> when none waits.</param>
    /// <param name="waited">For how many seconds it was waited for.</param>
    public static ClaimResult From(RunService runs, Run? run, int waited = 0) =>
        run is null
            ? new ClaimResult(
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                waited == 0
                    ? "No hand-off waits. list_schedules says when the next one is due; wait_seconds waits for it."
                    : $"No hand-off came within {waited} s. Call claim_run again to go on waiting, or stop: list_schedules says when the "
                        + "next one is due."
            )
            : new ClaimResult(
                run.Id,
                run.State.Name(),
                run.Mode,
                run.AgentName(),
                run.DeadlineAt,
                run.LeaseToken,
                runs.LeaseSeconds,
                runs.Brief(run),
                RunResult.NextOfHolder(run, runs.LeaseSeconds)
            );
}
