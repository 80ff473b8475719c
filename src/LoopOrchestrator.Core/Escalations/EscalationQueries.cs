using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Escalations;

/// <summary>What is asked of the open escalations before something is started or resumed.</summary>
internal static class EscalationQueries
{
    /// <summary>Returns when nothing of this step is escalated.</summary>
    /// <exception cref="UserErrorException">It is; the message says what to do.</exception>
    public static async Task EnsureNoneAsync(
        this IEscalationStore escalations,
        string? scheduleId,
        string mode,
        string task,
        CancellationToken cancellationToken = default
    )
    {
        if (await escalations.FindOpenAsync(StepKey.Of(scheduleId, mode, task), cancellationToken) is { } open)
        {
            throw new UserErrorException(
                $"This step is stopped by escalation {open.Id}: {open.Reason}. Look at run {open.Runs[^1]} "
                    + $"({ToolNames.GetRun}), mend the cause, then call {ToolNames.ResolveEscalation} with escalation_id "
                    + $"{open.Id} and a note; nothing was started."
            );
        }
    }

    /// <summary>The open escalation of a schedule.</summary>
    public static Task<Escalation?> FindOpenOfScheduleAsync(
        this IEscalationStore escalations,
        string scheduleId,
        CancellationToken cancellationToken = default
    ) => escalations.FindOpenAsync(StepKey.Of(scheduleId, "", ""), cancellationToken);
}
