using System.Text.Json;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Trust;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Escalations;

/// <summary>
/// Notifies the configured channels of escalations, beside the loop and never in its way: five tries, each later than the one before. What
/// is to be sent stands in the database; whoever holds the scheduler lock sends it, so a notice may come twice after a crash, and never
/// not at all. The configuration is the workspace's, so nothing is started or sent before it is trusted.
/// </summary>
internal sealed partial class EscalationNotifier(
    WorkspacePaths paths,
    INoticeStore store,
    INoticeSender sender,
    ApprovedEntries seen,
    Func<string, TrustedEntry?> entryOf,
    TimeProvider time,
    ILogger<EscalationNotifier> logger
) : IDisposable
{
    /// <summary>How often a notice is tried.</summary>
    public const int MaxTries = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _ending = new();
    private bool _isDisposed;

    /// <summary>What is being sent now, or was sent last.</summary>
    public Task Delivery { get; private set; } = Task.CompletedTask;

    /// <summary>Begins to send what is due, unless something is being sent. Returns at once.</summary>
    public async Task SendDueAsync(CancellationToken cancellationToken = default)
    {
        if (!Delivery.IsCompleted || !seen.IsTrusted)
        {
            return;
        }

        var due = await WithoutHeldAsync(await store.DueAsync(time.GetUtcNow(), cancellationToken), cancellationToken);
        if (due.Count > 0)
        {
            Delivery = Task.Run(() => DeliverAsync(due), CancellationToken.None);
        }
    }

    // What a person has not seen stays due and is not counted as tried; the reason stands with the notice.
    private async Task<IReadOnlyList<(Notice Notice, Escalation Escalation)>> WithoutHeldAsync(
        IReadOnlyList<(Notice Notice, Escalation Escalation)> due,
        CancellationToken cancellationToken
    )
    {
        var free = new List<(Notice, Escalation)>();
        foreach (var (notice, escalation) in due)
        {
            if (entryOf(notice.Channel) is not { } entry || seen.WhyHeld(entry) is not { } held)
            {
                free.Add((notice, escalation));
            }
            else if (await store.HoldAsync(notice, held, cancellationToken))
            {
                Log.Held(logger, escalation.Id, notice.Channel, held);
            }
        }

        return free;
    }

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _ending.Cancel();
        _ending.Dispose();
    }

    private async Task DeliverAsync(IReadOnlyList<(Notice Notice, Escalation Escalation)> due)
    {
        var ending = _ending.Token;
        foreach (var (notice, escalation) in due)
        {
            try
            {
                var error = await SendAsync(notice.Channel, escalation, ending);
                var now = time.GetUtcNow();
                var tries = notice.Tries + 1;
                await store.RecordDeliveryAsync(
                    notice,
                    now,
                    error,
                    error is null || tries >= MaxTries ? null : now + (FirstPause * Math.Pow(4, tries - 1)),
                    CancellationToken.None
                );
                if (error is not null)
                {
                    Log.NotDelivered(logger, escalation.Id, notice.Channel, tries, MaxTries, error);
                }
            }
            catch (Exception exception)
                when (ending.IsCancellationRequested || exception is UserErrorException or ObjectDisposedException)
            {
                // The server ends, or the result cannot be kept now: it is still due, and sent again.
                Log.Interrupted(logger, escalation.Id, notice.Channel, exception.Message);
            }
        }
    }

    private async Task<string?> SendAsync(string channel, Escalation escalation, CancellationToken ending)
    {
        try
        {
            return await sender.SendAsync(channel, Write(escalation), ending);
        }
        catch (Exception exception) when (!ending.IsCancellationRequested)
        {
            // A try that breaks is a try: uncounted it would be made again at each pass, for ever, and nobody would be told.
            return exception.Message;
        }
    }

    private byte[] Write(Escalation escalation) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new EscalationNotice(
                "escalation",
                escalation.Id,
                paths.Root,
                escalation.ScheduleId,
                escalation.Mode,
                RunTitle.Of(escalation.Task),
                escalation.Reason,
                escalation.Since,
                escalation.Runs
            ),
            EscalationJson.Default.EscalationNotice
        );

    private static partial class Log
    {
        [LoggerMessage(
            LogEvents.EscalationNoticeFailed,
            LogLevel.Warning,
            "Escalation {Escalation} could not be delivered to {Channel} (attempt {Try} of {Most}): {Error}"
        )]
        public static partial void NotDelivered(ILogger logger, long escalation, string channel, int @try, int most, string error);

        [LoggerMessage(LogEvents.EscalationNoticeHeld, LogLevel.Warning, "Escalation {Escalation} is held back from {Channel}: {Reason}")]
        public static partial void Held(ILogger logger, long escalation, string channel, string reason);

        [LoggerMessage(
            LogEvents.EscalationNoticeInterrupted,
            LogLevel.Warning,
            "Delivery to {Channel} of escalation {Escalation} was interrupted and will be retried: {Reason}"
        )]
        public static partial void Interrupted(ILogger logger, long escalation, string channel, string reason);
    }
}
