namespace LoopOrchestrator.Testing.Hangs;

/// <summary>Which tests are under way, and since when. Safe for many threads.</summary>
/// <param name="time">The clock.</param>
public sealed class RunningTests(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Name, long Since)> _running = new(StringComparer.Ordinal);
    private long _lastNews = time.GetTimestamp();

    /// <summary>A test has begun; its fixtures are there already.</summary>
    public void Begin(string id, string name)
    {
        lock (_gate)
        {
            _lastNews = time.GetTimestamp();
            _running[id] = (name, _lastNews);
        }
    }

    /// <summary>A test has ended, however.</summary>
    public void End(string id)
    {
        lock (_gate)
        {
            _lastNews = time.GetTimestamp();
            _running.Remove(id);
        }
    }

    /// <summary>
    /// What hangs: a test that has been under way for longer than <paramref name="limit"/>, or, where no test has begun or ended for that
    /// long, whatever comes between tests.
    /// </summary>
    /// <returns>A text for whoever reads the log, with every test that is under way; <see langword="null"/> when nothing hangs.</returns>
    public string? FindHang(TimeSpan limit)
    {
        lock (_gate)
        {
            var running = _running.Values.OrderBy(static test => test.Since).ToList();
            var quiet = time.GetElapsedTime(_lastNews);
            if (quiet <= limit && (running.Count == 0 || time.GetElapsedTime(running[0].Since) <= limit))
            {
                return null;
            }

            return running.Count == 0
                ? $"HANG: no test is under way and none has begun or ended for {quiet.TotalSeconds:0} s: a fixture, or the "
                    + "end of the process."
                : $"HANG: the limit is {limit.TotalSeconds:0} s for one test. Under way:\n"
                    + string.Join('\n', running.Select(test => $"  {time.GetElapsedTime(test.Since).TotalSeconds,6:0} s  {test.Name}"));
        }
    }
}
