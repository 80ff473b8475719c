namespace LoopOrchestrator.Core.Runs;

/// <summary>Tells all who wait in this process that a run has ended. Safe for many threads.</summary>
internal sealed class RunEndSignal
{
    private TaskCompletionSource _next = New();

    /// <summary>Completes at the next end of any run. To be taken before looking, so that an end in between is not missed.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>A run has ended.</summary>
    public void Set() => Interlocked.Exchange(ref _next, New()).SetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
