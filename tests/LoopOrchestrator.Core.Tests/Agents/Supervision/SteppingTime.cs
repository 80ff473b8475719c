using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Core.Tests.Agents.Supervision;

/// <summary>A fake clock that counts its timers, so that a test knows when whoever waits on it waits again.</summary>
internal sealed class SteppingTime(FakeTimeProvider time) : TimeProvider
{
    private int _created;
    private int _fired;

    public int Created => Volatile.Read(ref _created);

    public int Fired => Volatile.Read(ref _fired);

    public override long TimestampFrequency => time.TimestampFrequency;

    public override long GetTimestamp() => time.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = time.CreateTimer(
            value =>
            {
                Interlocked.Increment(ref _fired);
                callback(value);
            },
            state,
            dueTime,
            period
        );
        Interlocked.Increment(ref _created);
        return timer;
    }
}
