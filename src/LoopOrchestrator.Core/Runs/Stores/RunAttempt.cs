using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Runs.Stores;

/// <summary>One execution of a run.</summary>
public sealed record RunAttempt
{
    /// <summary>Its number, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>What was executed, shortened; <see langword="null"/> for a hand-off.</summary>
    public string? Command { get; init; }

    /// <summary>What is kept of the token of its holder (see <see cref="LeaseTokens"/>).</summary>
    public string? LeaseToken { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How it ended.</summary>
    public RunState? Outcome { get; init; }

    /// <summary>Why, in words.</summary>
    public string? Reason { get; init; }

    /// <summary>What kind of failure it was.</summary>
    public RunFailure? Failure { get; init; }

    /// <summary>The exit code of its program.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What it cost in US dollars, where its agent said so.</summary>
    public double? CostUsd { get; init; }

    /// <summary>The tokens it took, where its agent said so.</summary>
    public long? Tokens { get; init; }
}
