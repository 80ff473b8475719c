namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>
/// The moments of one supervised program: the wall clock at its start, and from there on the monotonic clock. So a wall clock that is
/// set back an hour or forward a day meanwhile changes no duration.
/// </summary>
internal sealed class ElapsedClock(TimeProvider time)
{
    private readonly DateTimeOffset _start = time.GetUtcNow();
    private readonly long _timestamp = time.GetTimestamp();

    public DateTimeOffset Now => _start + time.GetElapsedTime(_timestamp);
}
