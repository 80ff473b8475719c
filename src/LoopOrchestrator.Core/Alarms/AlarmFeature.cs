using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Core.Trust;

namespace LoopOrchestrator.Core.Alarms;

/// <summary>Puts together what tells somebody outside that the loop is well.</summary>
internal sealed class AlarmFeature : IDisposable
{
    private readonly IAddressCaller _caller;

    /// <param name="environment">The workspace.</param>
    /// <param name="settings">Which address is called.</param>
    /// <param name="file">What people call the file that names it.</param>
    /// <param name="seen">Whether a person has seen it.</param>
    /// <param name="servers">Who fires.</param>
    /// <param name="isWell">Whether all is well, as <c>status</c> says it.</param>
    /// <param name="caller">What calls; it ends with this.</param>
    public AlarmFeature(
        WorkspaceEnvironment environment,
        AlarmSettings settings,
        string file,
        ApprovedEntries seen,
        ServerRegistry servers,
        Func<CancellationToken, Task<bool>> isWell,
        IAddressCaller caller
    )
    {
        _caller = caller;
        Signal = new DeadManSignal(settings, file, seen, servers, isWell, caller, environment.Logger<DeadManSignal>());
    }

    /// <summary>For the loop.</summary>
    public DeadManSignal Signal { get; }

    /// <inheritdoc/>
    public void Dispose() => (_caller as IDisposable)?.Dispose();
}
