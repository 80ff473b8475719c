using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Core.Trust;

namespace LoopOrchestrator.Core.Alarms;

/// <summary>Puts together what tells somebody outside that the loop is well.</summary>
internal sealed class AlarmFeature : IDisposable
{
    private readonly AlarmOutside _outside;

    /// <param name="environment">The workspace.</param>
    /// <param name="settings">Who is called and told, and the file that names them.</param>
    /// <param name="seen">Whether a person has seen them.</param>
    /// <param name="servers">Who fires.</param>
    /// <param name="store">Where incidents are recorded.</param>
    /// <param name="health">How things stand.</param>
    /// <param name="outside">What calls and tells; it ends with this.</param>
    public AlarmFeature(
        WorkspaceEnvironment environment,
        NamedAlarm settings,
        ApprovedEntries seen,
        ServerRegistry servers,
        IIncidentStore store,
        AlarmHealth health,
        AlarmOutside outside
    )
    {
        _outside = outside;
        var (alarm, file) = settings;
        Signal = new DeadManSignal(alarm, file, seen, servers, health.IsWell, outside.Caller, environment.Logger<DeadManSignal>());
        Notifier = new IncidentNotifier(
            environment.Paths,
            alarm,
            file,
            store,
            outside.Carrier,
            seen,
            new NotifierClock(environment.Time, environment.Logger<IncidentNotifier>())
        );
        Watch = new IncidentWatch(alarm, store, Notifier, servers, health.Signs, environment.Logger<IncidentWatch>());
        Service = new IncidentService(store, Watch, Notifier, alarm, environment.Time);
    }

    /// <summary>For the loop.</summary>
    public DeadManSignal Signal { get; }

    /// <summary>For the loop.</summary>
    public IncidentWatch Watch { get; }

    /// <summary>What tells incidents.</summary>
    public IncidentNotifier Notifier { get; }

    /// <summary>For callers.</summary>
    public IncidentService Service { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        (_outside.Caller as IDisposable)?.Dispose();
        (_outside.Carrier as IDisposable)?.Dispose();
    }
}
