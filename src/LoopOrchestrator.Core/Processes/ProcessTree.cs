namespace LoopOrchestrator.Core.Processes;

/// <summary>
/// Ends processes and everything below them: politely, then after a grace for good, and looks until nothing of it is left.
/// Linux only: elsewhere the callers fall back to what .NET offers.
/// </summary>
internal sealed class ProcessTree(TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    // After the final signal only the kernel can delay the end (a process in an uninterruptible wait).
    private static readonly TimeSpan FinalPatience = TimeSpan.FromSeconds(10);

    /// <summary>Ends every process that <paramref name="find"/> returns, asking again until it returns none that is alive.</summary>
    /// <param name="find">The processes to end; called many times.</param>
    /// <param name="grace">How long they may take after the polite signal.</param>
    /// <returns>How many processes were ended, and whether all are gone.</returns>
    public async Task<(int Ended, bool Gone)> EndAsync(Func<IEnumerable<ProcessEntry>> find, TimeSpan grace)
    {
        var asked = new HashSet<(int, long)>();
        var ended = new HashSet<(int, long)>();
        var started = time.GetTimestamp();
        while (Alive(find) is { Count: > 0 } alive)
        {
            var elapsed = time.GetElapsedTime(started);
            if (elapsed > grace + FinalPatience)
            {
                return (ended.Count, false);
            }

            foreach (var entry in alive)
            {
                // One polite signal each, also for those that appear late; the final one as often as it takes.
                var signal = elapsed >= grace ? UnixProcess.SignalKill : UnixProcess.SignalTerminate;
                if ((asked.Add((entry.Pid, entry.Start)) || signal == UnixProcess.SignalKill) && UnixProcess.Signal(entry.Pid, signal))
                {
                    ended.Add((entry.Pid, entry.Start));
                }
            }

            await Task.Delay(PollInterval, time);
        }

        return (ended.Count, true);
    }

    private static List<ProcessEntry> Alive(Func<IEnumerable<ProcessEntry>> find) => find().Where(static entry => !entry.IsZombie).ToList();
}
