namespace LoopOrchestrator.Core.Escalations;

/// <summary>Carries one notice to one channel, in bounded time.</summary>
internal interface INoticeSender
{
    /// <summary>Sends it.</summary>
    /// <param name="channel">A name of <see cref="EscalationChannels"/>.</param>
    /// <param name="notice">The notice as JSON.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>Why it was not taken, or <see langword="null"/> when it was.</returns>
    Task<string?> SendAsync(string channel, byte[] notice, CancellationToken cancellationToken);
}
