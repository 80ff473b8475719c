using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// Whether a further run may be asked for now: the queue, the hour and the day have their limits, and an escalated step has stopped.
/// </summary>
internal sealed class RunAdmission(IRunStore runs, IEscalationStore escalations, RunLimits limits, TimeProvider time)
{
    /// <summary>
    /// Which limit a further run would pass, in words that stay the same as long as it holds; <see langword="null"/> for none.
    /// </summary>
    public async Task<string?> FindLimitAsync(CancellationToken cancellationToken = default) =>
        (await FindLimitAsync(isStep: false, cancellationToken))?.Text;

    /// <summary>
    /// As <see cref="FindLimitAsync(CancellationToken)"/> for a step of a cycle that goes on: its cycle has waited in the queue already,
    /// and those that wait behind it do not hold it.
    /// </summary>
    public async Task<string?> FindLimitOfStepAsync(CancellationToken cancellationToken = default) =>
        (await FindLimitAsync(isStep: true, cancellationToken))?.Text;

    /// <summary>What the limits allow now, to be counted down by whoever plans several runs at once.</summary>
    public Task<RunPlaces> PlacesAsync(CancellationToken cancellationToken = default) => PlacesAsync(isStep: false, cancellationToken);

    private async Task<ReachedLimit?> FindLimitAsync(bool isStep, CancellationToken cancellationToken) =>
        (await PlacesAsync(isStep, cancellationToken)).FindLimit();

    private async Task<RunPlaces> PlacesAsync(bool isStep, CancellationToken cancellationToken)
    {
        var load = await runs.LoadAsync(limits, time.GetUtcNow(), cancellationToken);
        return new RunPlaces(limits, isStep ? load with { Queued = 0 } : load);
    }

    /// <summary>Returns when a run that somebody asks for may be accepted.</summary>
    /// <exception cref="UserErrorException">It may not; the message says why and what to do.</exception>
    public async Task EnsureAsync(Run run, CancellationToken cancellationToken = default)
    {
        await escalations.EnsureNoneAsync(run.ScheduleId, run.Mode, run.Task, cancellationToken);
        if (await FindLimitAsync(isStep: false, cancellationToken) is { } limit)
        {
            throw new UserErrorException(
                $"Nothing was started, because of the {limit.Text}. Wait until older runs leave that window, or let a person raise "
                    + $"the limit in mcp_startup.json{(limit.IsOfDay ? " or end the pause with 'loop-orchestrator resume'" : "")}."
            );
        }
    }
}
