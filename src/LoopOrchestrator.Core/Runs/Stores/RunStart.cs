using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Runs.Stores;

/// <summary>The begin of an attempt.</summary>
/// <param name="Now">The moment.</param>
internal sealed record RunStart(DateTimeOffset Now)
{
    /// <summary>The process that starts it; none for a hand-off.</summary>
    public string? Executor { get; init; }

    /// <summary>How many runs with a process may run at once; no limit when not given.</summary>
    public int? MaxRunning { get; init; }

    /// <summary>
    /// Whether another run asked for it: it may have a place where no other has one, because those above it do not count.
    /// </summary>
    public bool IsSubRun { get; init; }

    /// <summary>What its holder shows with a report. None for a command, which reports nothing.</summary>
    public string? LeaseToken { get; init; }

    /// <summary>
    /// The hash of the secret that its supervisor's outcome must show (see <c>SupervisorStart</c>); none for what has no supervisor.
    /// </summary>
    public string? SecretHash { get; init; }

    /// <summary>How it is held; of use with <see cref="LeaseToken"/> only.</summary>
    public LeaseKind LeaseKind { get; init; }

    /// <summary>The client that holds it, where that is known (see <see cref="RunCaller.Owner"/>).</summary>
    public string? LeaseOwner { get; init; }

    /// <summary>What is executed, for people.</summary>
    public string? Command { get; init; }
}
