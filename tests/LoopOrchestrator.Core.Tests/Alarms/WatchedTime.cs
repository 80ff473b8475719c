using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Core.Tests.Alarms;

/// <summary>A clock of a test's own that tells when something begins to wait for a moment.</summary>
internal sealed class WatchedTime : FakeTimeProvider
{
    /// <summary>Is released each time that something begins to wait for a moment.</summary>
    public SemaphoreSlim Waits { get; } = new(0);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        Waits.Release();
        return timer;
    }
}
