namespace LoopOrchestrator.Core.Files;

/// <summary>
/// Wakes one waiting loop. Signals that come while it works are kept as one, so none is lost and none piles up. Safe for many threads.
/// </summary>
internal sealed class WakeSignal
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
    public async Task WaitAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
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
                return;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_next.Task.IsCompleted)
            {
                _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
