namespace LoopOrchestrator.Core.Scheduling;

/// <summary>
/// Wakes one waiting loop. Signals that come while it works are kept as one, so none is lost and none piles up. Safe for many threads.
/// </summary>
public sealed class WakeSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Wakes the loop, now or as soon as it would wait.</summary>
    public void Set()
    {
        lock (_gate)
        {
            _next.TrySetResult();
        }
    }

    /// <summary>Waits for a signal, at most for <paramref name="limit"/>, and takes it.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> WaitAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        Task signal;
        lock (_gate)
        {
            signal = _next.Task;
        }

        if (!signal.IsCompleted && limit > TimeSpan.Zero)
        {
            try
            {
                await signal.WaitAsync(limit, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                return false;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (!_next.Task.IsCompleted)
            {
                return false;
            }

            _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return true;
        }
    }
}
