using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Status;

/// <summary>Something that needs a person.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Action">What to do about it.</param>
/// <param name="Title">What it is about: the name of a schedule, a mode, an agent.</param>
/// <param name="Text">What has happened, and what to do where that is not done by a button.</param>
/// <param name="Since">Since when it waits; <see langword="null"/> where nobody knows.</param>
public sealed record Need(NeedKind Kind, NeedAction Action, string Title, string Text, DateTimeOffset? Since)
{
    /// <summary>The run to look at, the latest of several.</summary>
    public Run? Run { get; init; }

    /// <summary>The id of that run, which is known of an escalation too whose runs were not read.</summary>
    public string? RunId
    {
        get => field ?? Run?.Id;
        init;
    }

    /// <summary>Whether that run succeeded and nothing but its word tells of it.</summary>
    public bool HasNoEvidence { get; init; }

    /// <summary>How many runs it stands for.</summary>
    public int Count { get; init; } = 1;

    /// <summary>The escalation to resolve.</summary>
    public long? EscalationId { get; init; }

    /// <summary>The agent that is to go on.</summary>
    public string? Agent { get; init; }

    /// <summary>What is acknowledged (<c>AcknowledgementSubject</c>), and up to when.</summary>
    public string? Subject { get; init; }

    /// <summary>The end of the latest of its runs.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The word for <see cref="Kind"/>.</summary>
    public string KindName =>
        Kind switch
        {
            NeedKind.Blocked => "blocked",
            NeedKind.Failed => "failed",
            _ => "done",
        };
}
