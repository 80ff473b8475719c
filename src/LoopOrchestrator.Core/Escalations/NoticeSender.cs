using System.Collections.ObjectModel;
using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Escalations;

/// <summary>Starts the command, or posts to the address, that <c>escalation</c> names.</summary>
/// <param name="paths">Where the workspace is.</param>
/// <param name="channels">The command and the address.</param>
/// <param name="time">The clock of the limits.</param>
internal sealed class NoticeSender(WorkspacePaths paths, EscalationChannels channels, TimeProvider time) : INoticeSender, IDisposable
{
    private readonly NoticeTransport _transport = new(paths, time);

    /// <inheritdoc/>
    public async Task<string?> SendAsync(string channel, byte[] notice, CancellationToken cancellationToken) =>
        channel switch
        {
            EscalationChannels.CommandChannel when channels.Command.Count > 0 => await _transport.RunAsync(
                channels.Command,
                notice,
                cancellationToken
            ),
            EscalationChannels.WebhookChannel when channels.Webhook is { } address => await _transport.PostAsync(
                address,
                ReadOnlyDictionary<string, string>.Empty,
                notice,
                cancellationToken
            ),
            _ => $"escalation.{channel} is not configured any more",
        };

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();
}
