using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Workflows.Cycles;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>Decides how cycles end, before anything of them is ended.</summary>
internal sealed class CycleVerdicts(ICycleStore cycles, CycleEnding ending, TimeProvider time, Action wake)
{
    /// <summary>Records how a cycle ends. False when that is recorded already.</summary>
    public async Task<bool> JudgeAsync(Cycle cycle, CycleVerdict verdict, CancellationToken cancellationToken)
    {
        var (judged, effect) = await ending.JudgeAsync(cycle, verdict, cancellationToken);
        var done = await cycles.TryJudgeAsync(cycle, judged, effect, time.GetUtcNow(), cancellationToken);
        wake();
        return done;
    }

    /// <summary>Records that a cycle ends because of its configuration.</summary>
    public Task<bool> JudgeAsync(Cycle cycle, UserErrorException exception, CancellationToken cancellationToken) =>
        JudgeAsync(cycle, new CycleVerdict(RunState.Failed, exception.Message, Escalates: false), cancellationToken);
}
