namespace LoopOrchestrator.Core.Alarms;

/// <summary>What callers do with incidents: look at them, and have them told without a server. Safe for many threads.</summary>
public sealed class IncidentService
{
    private readonly IIncidentStore _store;
    private readonly IncidentWatch _watch;
    private readonly IncidentNotifier _notifier;
    private readonly AlarmSettings _settings;
    private readonly TimeProvider _time;

    internal IncidentService(
        IIncidentStore store,
        IncidentWatch watch,
        IncidentNotifier notifier,
        AlarmSettings settings,
        TimeProvider time
    ) => (_store, _watch, _notifier, _settings, _time) = (store, watch, notifier, settings, time);

    /// <summary>Incidents, newest first.</summary>
    public Task<IReadOnlyList<Incident>> ListAsync(int limit, CancellationToken cancellationToken = default) =>
        _store.ListAsync(limit, cancellationToken);

    /// <summary>
    /// Looks at what is wrong, enters it, and tells whoever is to be told, in bounded time: for a process that is no server, beside the one
    /// that should be. What cannot be delivered stays due.
    /// </summary>
    /// <returns>How many notices are still to be delivered; those that were given up are none of them.</returns>
    public async Task<long> NotifyAsync(CancellationToken cancellationToken = default)
    {
        if (_settings.Notices.Count > 0)
        {
            await _watch.NotifyAsync(_time, cancellationToken);
            await _notifier.Delivery;
        }

        return await _store.CountPendingAsync(_settings.Notices, cancellationToken);
    }
}
