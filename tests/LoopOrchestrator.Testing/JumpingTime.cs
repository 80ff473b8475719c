using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Testing;

/// <summary>A clock that a test moves, and whose wall clock it can set to another time while the monotonic one goes on as before.</summary>
internal sealed class JumpingTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private TimeSpan _jump;

    /// <summary>Sets the wall clock forward or back.</summary>
    public void JumpWallClock(TimeSpan jump) => _jump += jump;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _jump;

    public override long GetTimestamp() => base.GetUtcNow().UtcTicks;
}
