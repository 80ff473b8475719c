using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// Keeps the hand-offs that clients of this process took for themselves, as long as the clients live: three times within each lease
/// their holders count as heard of. It works whether or not this process fires schedules. Safe for many threads.
/// </summary>
internal sealed partial class LeaseKeeper(ILeaseStore store, RunLimits limits, TimeProvider time, ILogger<LeaseKeeper> logger) : IDisposable
{
    private readonly Lock _gate = new();

    // Each with how many hand-offs it has taken, so that one that takes another meanwhile is told from one that holds nothing any more.
    private readonly Dictionary<string, int> _owners = new(StringComparer.Ordinal);
    private ITimer? _timer;
    private bool _isDisposed;

    /// <summary>The renewal that was begun last. For tests, which move the clock and then wait for it.</summary>
    internal Task Renewal { get; private set; } = Task.CompletedTask;

    /// <summary>A client has taken a hand-off: from now on its leases are renewed.</summary>
    public void Keep(string owner)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _owners[owner] = _owners.GetValueOrDefault(owner) + 1;
            var period = TimeSpan.FromSeconds(limits.LeaseSeconds / 3.0);
            _timer ??= time.CreateTimer(_ => Renewal = RenewAsync(), state: null, period, period);
        }
    }

    /// <summary>A client has ended its session. What it holds is not renewed any more and waits again when its lease has run out.</summary>
    public async Task LeaveAsync(string owner, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (!_owners.Remove(owner))
            {
                // It holds nothing, as most clients do: nothing to write.
                return;
            }
        }

        await store.NoteGoneAsync(owner, time.GetUtcNow(), cancellationToken);
    }

    /// <summary>This process ends, and its clients with it.</summary>
    public async Task LeaveAllAsync(CancellationToken cancellationToken = default)
    {
        foreach (var (owner, _) in Owners())
        {
            await LeaveAsync(owner, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _owners.Clear();
            _timer?.Dispose();
        }
    }

    private async Task RenewAsync()
    {
        foreach (var (owner, taken) in Owners())
        {
            try
            {
                if (!await store.RenewAsync(owner))
                {
                    Forget(owner, taken);
                }
            }
            catch (UserErrorException exception)
            {
                // A full disk or a busy database; the lease has room for another try.
                Log.RenewFailed(logger, exception.Message);
            }
        }
    }

    private void Forget(string owner, int taken)
    {
        lock (_gate)
        {
            if (_owners.GetValueOrDefault(owner) == taken)
            {
                _owners.Remove(owner);
            }
        }
    }

    private List<KeyValuePair<string, int>> Owners()
    {
        lock (_gate)
        {
            return [.. _owners];
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogEvents.LeaseRenewFailed,
            LogLevel.Warning,
            "The lease of a hand-off could not be renewed and is tried again: {Error}"
        )]
        public static partial void RenewFailed(ILogger logger, string error);
    }
}
