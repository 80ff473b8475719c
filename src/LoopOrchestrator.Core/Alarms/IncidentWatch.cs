using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Servers;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Alarms;

/// <summary>
/// Looks from time to time whether something is wrong, enters it as an incident, and has it told. It goes on beside the loop, in the
/// process that fires: so it also sees a loop that stands still.
/// </summary>
/// <param name="settings">Who is told.</param>
/// <param name="store">The incidents.</param>
/// <param name="notifier">What tells them.</param>
/// <param name="servers">Who fires: that process looks, and no other.</param>
/// <param name="signs">What is wrong now, as the status sees it.</param>
/// <param name="logger">Is told of looks that fail, each trouble once.</param>
internal sealed partial class IncidentWatch(
    AlarmSettings settings,
    IIncidentStore store,
    IncidentNotifier notifier,
    ServerRegistry servers,
    Func<CancellationToken, Task<IReadOnlyList<IncidentSign>>> signs,
    ILogger<IncidentWatch> logger
)
{
    /// <summary>How much time lies between two looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private static readonly IncidentKind[] All = Enum.GetValues<IncidentKind>();

    private readonly RepeatFilter _trouble = new();
    private bool _wasDead;

    /// <summary>
    /// Looks until cancelled. Where nobody is to be told, it ends what others have entered, as soon as this process fires, and returns.
    /// </summary>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            bool hasLooked;
            do
            {
                // What came due while nothing ran is entered first, by the loop that begins together with this.
                await Task.Delay(Interval, time, cancellationToken);
                hasLooked = await CheckAsync(time, cancellationToken);
            } while (!hasLooked || settings.Notices.Count > 0);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server ends; what is not delivered stays due.
        }

        await notifier.Delivery;
    }

    /// <summary>Looks once, where this process fires schedules.</summary>
    /// <returns>Whether it looked.</returns>
    public async Task<bool> CheckAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            if ((await servers.HolderAsync(cancellationToken))?.Identity != ProcessIdentity.Current.ToString())
            {
                return false;
            }

            await store.ForgetOthersAsync(settings.Notices, cancellationToken);
            if (settings.Notices.Count == 0)
            {
                // Where nobody is told any more, nothing looks whether what went on has ended.
                await store.ReconcileAsync([], All, [], time.GetUtcNow(), cancellationToken);
                return true;
            }

            // A machine that wakes up has due moments that the loop is about to enter: what is seen once only is none of its failures.
            var found = await signs(cancellationToken);
            var isDead = found.Any(static sign => sign.Kind == IncidentKind.DeadScheduler);
            await NotifyAsync(
                [.. found.Where(sign => sign.Kind != IncidentKind.DeadScheduler || _wasDead)],
                isDead && !_wasDead ? [.. All.Where(static kind => kind != IncidentKind.DeadScheduler)] : All,
                time,
                cancellationToken
            );
            _wasDead = isDead;
            _trouble.Clear();
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The next look may succeed, and until then nothing is lost: what is wrong stays wrong.
            if (_trouble.IsNew(exception.Message))
            {
                Log.NotLooked(logger, exception.Message);
            }

            return false;
        }
    }

    /// <summary>Looks and begins to tell, whoever fires.</summary>
    public async Task NotifyAsync(TimeProvider time, CancellationToken cancellationToken) =>
        await NotifyAsync(await signs(cancellationToken), All, time, cancellationToken);

    private async Task NotifyAsync(
        IReadOnlyList<IncidentSign> found,
        IReadOnlyList<IncidentKind> kinds,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        await store.ReconcileAsync(found, kinds, settings.Notices, time.GetUtcNow(), cancellationToken);
        await notifier.BeginAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(LogEvents.IncidentsNotRead, LogLevel.Warning, "It could not be looked whether something is wrong: {Error}")]
        public static partial void NotLooked(ILogger logger, string error);
    }
}
