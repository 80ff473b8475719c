using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Core.Trust;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Alarms;

/// <summary>
/// Calls the address of <see cref="AlarmSettings.DeadManUrl"/> as long as all is well. A scheduler cannot report a moment that it never
/// looked at: so nothing is reported, and the calls that stay away are the alarm. It goes on beside the loop; what becomes of a call
/// changes nothing of the work.
/// </summary>
/// <param name="settings">Which address.</param>
/// <param name="file">What people call the file that names it.</param>
/// <param name="seen">Whether a person has seen it.</param>
/// <param name="servers">Who fires: that process calls, and no other.</param>
/// <param name="isWell">Whether all is well, as <c>status</c> says it, but for notices that nobody took.</param>
/// <param name="caller">What calls.</param>
/// <param name="logger">Is told of calls that fail, each trouble once.</param>
internal sealed partial class DeadManSignal(
    AlarmSettings settings,
    string file,
    ApprovedEntries seen,
    ServerRegistry servers,
    Func<CancellationToken, Task<bool>> isWell,
    IAddressCaller caller,
    ILogger<DeadManSignal> logger
)
{
    /// <summary>How much time lies between two calls.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly RepeatFilter _trouble = new();

    /// <summary>Calls until cancelled; returns at once where there is nothing to call.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        if (settings.DeadManUrl is null)
        {
            return;
        }

        try
        {
            while (true)
            {
                await SignalAsync(cancellationToken);
                await Task.Delay(Interval, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server ends, and the calls with it.
        }
    }

    /// <summary>Calls once, where this process fires schedules and all is well.</summary>
    /// <returns>Whether the address was called and answered.</returns>
    public async Task<bool> SignalAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!await IsDueAsync(cancellationToken))
            {
                return false;
            }

            if (await caller.GetAsync(settings.DeadManUrl!, cancellationToken) is not { } error)
            {
                _trouble.Clear();
                return true;
            }

            Report(error);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // What cannot be looked at is not well, whatever the reason; the next look may find it so.
            Report(exception.Message);
        }

        return false;
    }

    private async Task<bool> IsDueAsync(CancellationToken cancellationToken)
    {
        if ((await servers.HolderAsync(cancellationToken))?.Identity != ProcessIdentity.Current.ToString())
        {
            return false;
        }

        // What is held back is told with all else that is.
        return seen.WhyHeld(AlarmTrust.DeadMan(settings, file)) is null && await isWell(cancellationToken);
    }

    private void Report(string error)
    {
        if (_trouble.IsNew(error))
        {
            Log.NotCalled(logger, error);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogEvents.DeadManNotCalled, LogLevel.Warning, "The address of alarm.deadManUrl could not be called: {Error}")]
        public static partial void NotCalled(ILogger logger, string error);
    }
}
