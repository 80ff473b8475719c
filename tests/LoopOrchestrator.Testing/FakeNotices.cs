using System.Collections.Concurrent;
using System.Text;
using LoopOrchestrator.Core.Escalations;

namespace LoopOrchestrator.Testing;

/// <summary>Takes notices of escalations, or refuses them as its test says.</summary>
internal sealed class FakeNotices : INoticeSender
{
    private readonly ConcurrentQueue<(string Channel, string Text)> _sent = new();

    /// <summary>What was sent, taken or not.</summary>
    public IReadOnlyList<(string Channel, string Text)> Sent => [.. _sent];

    /// <summary>What the next try to a channel is answered; taken when it is not set.</summary>
    public Func<string, CancellationToken, Task<string?>> Answer { get; set; } = static (_, _) => Task.FromResult<string?>(null);

    public Task<string?> SendAsync(string channel, byte[] notice, CancellationToken cancellationToken)
    {
        _sent.Enqueue((channel, Encoding.UTF8.GetString(notice)));
        return Answer(channel, cancellationToken);
    }
}
