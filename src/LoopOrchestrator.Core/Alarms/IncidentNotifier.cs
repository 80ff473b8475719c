using System.Text.Json;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Telemetry;
using LoopOrchestrator.Core.Trust;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Alarms;

/// <summary>
/// Delivers what is to be told of incidents. Each target has its own order and its own patience: one that hangs or refuses delays neither
/// the others nor anything else. What is to be delivered stands in the database, so a notice may come twice after a crash, with the same
/// id, and is never lost by one.
/// </summary>
/// <param name="paths">Where the workspace is.</param>
/// <param name="settings">Who is told.</param>
/// <param name="file">What people call the file that names them.</param>
/// <param name="store">What is to be delivered.</param>
/// <param name="carrier">What delivers it.</param>
/// <param name="seen">Whether a person has seen who is told.</param>
/// <param name="logging">Is told of what could not be delivered, with the clock beside it.</param>
internal sealed partial class IncidentNotifier(
    WorkspacePaths paths,
    AlarmSettings settings,
    string file,
    IIncidentStore store,
    INoticeCarrier carrier,
    ApprovedEntries seen,
    NotifierClock logging
)
{
    /// <summary>How often a notice is tried.</summary>
    public const int MaxTries = 12;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxPause = TimeSpan.FromHours(1);

    // The targets that are being told something.
    private readonly Dictionary<string, Task> _busy = new(StringComparer.Ordinal);

    /// <summary>What is being delivered now.</summary>
    public Task Delivery => Task.WhenAll(_busy.Values);

    /// <summary>The pause behind a try that failed.</summary>
    public static TimeSpan PauseAfter(int tries) =>
        TimeSpan.FromSeconds(Math.Min(MaxPause.TotalSeconds, FirstPause.TotalSeconds * Math.Pow(3, tries - 1)));

    /// <summary>Begins to deliver what is due, to targets that are told nothing else now. Returns at once.</summary>
    /// <param name="ending">Gives up what is being delivered; it stays due.</param>
    public async Task BeginAsync(CancellationToken ending)
    {
        foreach (var key in _busy.Where(static pair => pair.Value.IsCompleted).Select(static pair => pair.Key).ToList())
        {
            _busy.Remove(key);
        }

        var due = await store.DueAsync(logging.Time.GetUtcNow(), ending);
        foreach (var ofTarget in due.GroupBy(static one => one.Delivery.Target, StringComparer.Ordinal))
        {
            // Whether one that is not among the settings is gone, the process that fires decides: these settings may be those of a command
            // on a file with an error.
            if (_busy.ContainsKey(ofTarget.Key) || settings.Notices.FirstOrDefault(one => one.Key == ofTarget.Key) is not { } target)
            {
                continue;
            }

            if (WhyHeld(target) is { } held)
            {
                foreach (var one in ofTarget)
                {
                    if (await store.HoldAsync(one.Delivery, held, ending))
                    {
                        Log.Held(logging.Logger, one.Delivery.Id, target.Describe(), held);
                    }
                }
            }
            else
            {
                List<DueDelivery> all = [.. ofTarget];
                _busy[ofTarget.Key] = Task.Run(() => DeliverAsync(target, all, ending), CancellationToken.None);
            }
        }
    }

    private string? WhyHeld(NoticeTarget target) =>
        seen.IsTrusted ? seen.WhyHeld(AlarmTrust.Entry(target, file)) : "this workspace is not trusted";

    private async Task DeliverAsync(NoticeTarget target, List<DueDelivery> due, CancellationToken ending)
    {
        foreach (var one in due)
        {
            try
            {
                var error = await CarryAsync(target, one, ending);
                var now = logging.Time.GetUtcNow();
                var tries = one.Delivery.Tries + 1;
                DateTimeOffset? next = error is null || tries >= MaxTries ? null : now + PauseAfter(tries);
                await store.RecordAsync(one.Delivery, now, error, next, CancellationToken.None);
                LoopMetrics.Notices.Add(1, new KeyValuePair<string, object?>(LoopMetrics.Outcome, error is null ? "delivered" : "failed"));
                if (error is not null)
                {
                    Log.NotDelivered(logging.Logger, one.Delivery.Id, target.Describe(), tries, MaxTries, error);

                    // What comes behind it is told behind it; a receiver that refused one is not asked for the next at once.
                    return;
                }
            }
            catch (Exception exception)
                when (ending.IsCancellationRequested || exception is UserErrorException or ObjectDisposedException)
            {
                // The server ends, or the result cannot be kept now: it is still due, and delivered again.
                Log.Interrupted(logging.Logger, one.Delivery.Id, target.Describe(), exception.Message);
                return;
            }
        }
    }

    private async Task<string?> CarryAsync(NoticeTarget target, DueDelivery due, CancellationToken ending)
    {
        try
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(IncidentNotice.Of(due, paths.Root), IncidentJson.Default.IncidentNotice);
            return await carrier.CarryAsync(target, due.Delivery.Id, body, ending);
        }
        catch (Exception exception) when (!ending.IsCancellationRequested)
        {
            // A try that breaks is a try: uncounted it would be made again at each look, for ever, and nobody would be told.
            return exception.Message;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogEvents.NoticeFailed,
            LogLevel.Warning,
            "Notice {Notice} could not be delivered to {Target} (attempt {Try} of {Most}): {Error}"
        )]
        public static partial void NotDelivered(ILogger logger, string notice, string target, int @try, int most, string error);

        [LoggerMessage(LogEvents.NoticeHeld, LogLevel.Warning, "Notice {Notice} is held back from {Target}: {Reason}")]
        public static partial void Held(ILogger logger, string notice, string target, string reason);

        [LoggerMessage(
            LogEvents.NoticeInterrupted,
            LogLevel.Warning,
            "Delivery of notice {Notice} to {Target} was interrupted and will be retried: {Reason}"
        )]
        public static partial void Interrupted(ILogger logger, string notice, string target, string reason);
    }
}
