using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Testing;

/// <summary>Waits for conditions, never for times.</summary>
public static class Eventually
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    // One look may itself wait for what is looked for.
    private static readonly TimeSpan PollTimeout = ServerProcess.HangGuard * 2;

    /// <summary>Waits until this is not <see langword="null"/>.</summary>
    /// <param name="what">What is waited for, for the message when it never comes.</param>
    /// <param name="look">Looks once.</param>
    /// <param name="limit">How long it may take where that is more than a single thing that should come at once.</param>
    public static async Task<T> FindAsync<T>(string what, Func<Task<T?>> look, TimeSpan? limit = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(look);
        var patience = limit ?? ServerProcess.HangGuard;
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await look().WaitAsync(PollTimeout) is { } found)
            {
                return found;
            }

            if (TimeProvider.System.GetElapsedTime(started) > patience)
            {
                throw new TimeoutException($"This did not come within {patience}: {what}");
            }

            await Task.Delay(PollInterval, TimeProvider.System);
        }
    }

    /// <summary>Waits until this is so.</summary>
    public static Task TrueAsync(string what, Func<bool> look) => FindAsync(what, () => Task.FromResult(look() ? what : null));
}
