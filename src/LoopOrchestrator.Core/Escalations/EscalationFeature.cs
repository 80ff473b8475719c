using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Trust;

namespace LoopOrchestrator.Core.Escalations;

/// <summary>Puts together what is done with escalations that are there: they are looked at, resolved, and told to others.</summary>
internal sealed class EscalationFeature : IDisposable
{
    private readonly INoticeSender _sender;

    /// <param name="environment">The workspace.</param>
    /// <param name="escalations">Where escalations are recorded.</param>
    /// <param name="notices">Where it is recorded who was told of them.</param>
    /// <param name="sender">How others are told; it ends with this.</param>
    /// <param name="seen">Whether a person has seen what is executed or called then.</param>
    /// <param name="entryOf">What is executed or called for a channel.</param>
    public EscalationFeature(
        WorkspaceEnvironment environment,
        IEscalationStore escalations,
        INoticeStore notices,
        INoticeSender sender,
        ApprovedEntries seen,
        Func<string, TrustedEntry?> entryOf
    )
    {
        _sender = sender;
        Service = new EscalationService(escalations, environment.Time, environment.Bell.Ring);
        Notifier = new EscalationNotifier(
            environment.Paths,
            notices,
            sender,
            seen,
            entryOf,
            environment.Time,
            environment.Logger<EscalationNotifier>()
        );
    }

    /// <summary>For callers.</summary>
    public EscalationService Service { get; }

    /// <summary>For the loop.</summary>
    public EscalationNotifier Notifier { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Notifier.Dispose();
        (_sender as IDisposable)?.Dispose();
    }
}
