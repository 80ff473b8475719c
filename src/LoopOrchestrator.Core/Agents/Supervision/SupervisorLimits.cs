using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>
/// Holds the limits of one supervised program on one timer: its time, with a warning before it is over, its first output, its silence,
/// its budget, the model's service, and the grace after its result.
/// All are measured on the monotonic clock, so a jump of the wall clock ends nothing.
/// </summary>
internal sealed class SupervisorLimits(
    SupervisorOrder order,
    OutputLog output,
    TimeProvider time,
    AgentProgress progress,
    Action<SupervisorEnd, string> requestEnd,
    Action warn
)
{
    // A result may come at any moment, and a limit of silence starts anew with each output: both are looked at this often.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    // How many times the grace a program may take that goes on printing.
    private const int MaxGraces = 6;

    // A network that is only just coming up, behind a machine that slept, is there within seconds.
    private static readonly TimeSpan MaxFirstOutage = TimeSpan.FromSeconds(10);

    // What was done until then is worth that the program goes on trying for a while.
    private static readonly TimeSpan MaxOutage = TimeSpan.FromMinutes(3);

    private readonly long _started = time.GetTimestamp();
    private long? _outageSeen;
    private long? _resultSeen;
    private bool _warned;

    /// <summary>Watches until cancelled or until a limit is reached.</summary>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && Next() is { } delay)
        {
            // Ended by the program's end as a rule: no exception, which would cost more than all else here.
            await Task.Delay(delay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>How long until the next look, or <see langword="null"/> when a limit was reached.</summary>
    private TimeSpan? Next()
    {
        var elapsed = time.GetElapsedTime(_started);
        var left = TimeSpan.FromSeconds(order.TimeoutSeconds) - elapsed;
        if (left <= TimeSpan.Zero)
        {
            return End($"it reached its time limit of {order.TimeoutSeconds:0.###} s");
        }

        // Once it has given its result, its work is done and paid for.
        if (!progress.IsOver() && OverBudget() is { } reason)
        {
            requestEnd(SupervisorEnd.OverBudget, reason);
            return null;
        }

        if (!progress.IsOver() && WhyNoService(elapsed) is { } noService)
        {
            requestEnd(SupervisorEnd.NoService, noService);
            return null;
        }

        var next = _warned ? left : left - RunDeadline.LeftAtWarning(order.TimeoutSeconds);
        if (next <= TimeSpan.Zero)
        {
            _warned = true;
            next = left;
            warn();
        }

        if (output.LastOutputTimestamp is not { } last)
        {
            if (order.FirstOutputSeconds is { } first && elapsed >= TimeSpan.FromSeconds(first))
            {
                return End($"it printed nothing for {first:0.###} s after its start");
            }
        }
        else if (order.SilenceSeconds is { } silence && time.GetElapsedTime(last) >= TimeSpan.FromSeconds(silence))
        {
            return End($"it printed nothing more for {silence:0.###} s");
        }

        if (!progress.IsOver())
        {
            // It went on to work, so what looked like its end was none.
            _resultSeen = null;
        }
        else if (IsGraceOver(_resultSeen ??= time.GetTimestamp()))
        {
            requestEnd(
                SupervisorEnd.EndedAfterResult,
                $"it gave its result but did not end within {order.ResultGraceSeconds:0.###} s after it"
            );
            return null;
        }

        var watchesEvents = order.Events is not null || order.FirstOutputSeconds is not null || order.SilenceSeconds is not null;
        return watchesEvents && next > PollInterval ? PollInterval : next;
    }

    // What it prints after its result gives it more time, but not for ever: a program may print while it waits for nothing.
    private bool IsGraceOver(long resultSeen)
    {
        var quiet = output.LastOutputTimestamp is { } last && last > resultSeen ? last : resultSeen;
        return time.GetElapsedTime(quiet).TotalSeconds >= order.ResultGraceSeconds
            || time.GetElapsedTime(resultSeen).TotalSeconds >= order.ResultGraceSeconds * MaxGraces;
    }

    // A refused key stays refused. A service that cannot be reached may come back, and is waited for as long as that is worth something.
    private string? WhyNoService(TimeSpan elapsed)
    {
        if (progress.ServiceFault() is not { } fault)
        {
            _outageSeen = null;
        }
        else if (
            fault.Failure == RunFailure.SignIn
            || time.GetElapsedTime(_outageSeen ??= time.GetTimestamp()) >= (progress.HasAnswered() ? MaxOutage : MaxFirstOutage)
        )
        {
            return fault.Reason;
        }

        return order.FirstAnswerSeconds is { } limit && elapsed >= TimeSpan.FromSeconds(limit) && !progress.HasAnswered()
            ? $"no answer of a model was seen within {limit:0.###} s of its start: check that its service can be reached, its address "
                + "and its key"
            : null;
    }

    private string? OverBudget()
    {
        var (cost, tokens) = progress.Spent();
        return RunBudget.FindOverrun(cost, order.CostLimitUsd, tokens, order.TokenLimit);
    }

    private TimeSpan? End(string reason)
    {
        requestEnd(SupervisorEnd.TimedOut, reason);
        return null;
    }
}
