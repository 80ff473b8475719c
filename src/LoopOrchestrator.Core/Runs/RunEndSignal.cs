namespace LoopOrchestrator.Core.Runs;

/// <summary>Notifies all who wait in this process which run has ended, each end once and in order. Safe for many threads.</summary>
internal sealed class RunEndSignal
{
    private RunEndSignal? _last;
    private readonly TaskCompletionSource<(string RunId, RunEndSignal Then)> _next = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    /// <summary>Completes with the first end after this signal was taken, and with the signal of those that follow it.</summary>
    public Task<(string RunId, RunEndSignal Then)> Next => _next.Task;

    /// <summary>The signal of the ends to come. To be taken before looking, so that an end in between is not missed.</summary>
    public RunEndSignal ToCome => Volatile.Read(ref _last) ?? this;

    /// <summary>A run has ended.</summary>
    public void Set(string runId)
    {
        var then = new RunEndSignal();
        var last = Interlocked.Exchange(ref _last, then) ?? this;
        last._next.SetResult((runId, then));
    }
}
