using LoopOrchestrator.Core.Agents.Contracts;

namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>How an attempt of a run ended. The run ends with it, unless it is tried again (see <c>RetryRules</c>).</summary>
/// <param name="State">One of the final states.</param>
/// <param name="EndedAt">When.</param>
/// <param name="Reason">Why, in words.</param>
internal sealed record RunEnd(RunState State, DateTimeOffset EndedAt, string Reason)
{
    /// <summary>The agent's final message, or the end of its output; what was reported before stays when this is not given.</summary>
    public string? Summary { get; init; }

    /// <summary>What is left to do, where that is not what its agent reported.</summary>
    public IReadOnlyList<string>? FollowUps { get; init; }

    /// <summary>Whether it escalates at once, whatever the count of failures before it; of use with a failure only.</summary>
    public bool Escalates { get; init; }

    /// <summary>The program's exit code, when it ended by itself.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Its cost in US dollars, when its agent said so.</summary>
    public double? CostUsd { get; init; }

    /// <summary>Its tokens, when its agent said so.</summary>
    public AgentTokens? Tokens { get; init; }

    /// <summary>The session of its agent, when it said so.</summary>
    public string? SessionId { get; init; }

    /// <summary>The limit of usage that kept its agent from doing it.</summary>
    public AgentUsageLimit? UsageLimit { get; init; }

    /// <summary>The tools that its agent was not allowed to use.</summary>
    public IReadOnlyList<string> DeniedPermissions { get; init; } = [];

    /// <summary>What kind of failure it is; of use with <see cref="RunState.Failed"/> only.</summary>
    public RunFailure Failure { get; init; }

    /// <summary>The digest of its agent's entry in the configuration, where a failure may hold back that agent.</summary>
    public string? AgentDigest { get; init; }

    /// <summary>Since when the holder of a hand-off is gone; of use with <see cref="RunFailure.Lease"/> only.</summary>
    public DateTimeOffset? HolderGoneSince { get; init; }

    /// <summary>
    /// The attempt that this is about: when another one is going on by now, nothing is changed. Not given for what ends the run whatever
    /// attempt it is in.
    /// </summary>
    public int? Attempt { get; init; }

    /// <summary>A run with what this end tells of it. What an attempt costs is added to what those before it cost.</summary>
    public Run AddTo(Run run) =>
        run with
        {
            Failure = State == RunState.Failed ? Failure : null,
            Summary = Summary ?? run.Summary,
            FollowUps = FollowUps ?? run.FollowUps,
            ExitCode = ExitCode,
            CostUsd = CostUsd is { } cost ? (run.CostUsd ?? 0) + cost : run.CostUsd,
            Tokens = Tokens is { } tokens ? Sum(run.Tokens, tokens) : run.Tokens,
            SessionId = SessionId ?? run.SessionId,
            UsageLimit = UsageLimit,
            DeniedPermissions = DeniedPermissions,
            HolderGoneSince = HolderGoneSince,
            LostLeases = run.LostLeases + (State == RunState.Failed && Failure == RunFailure.Lease ? 1 : 0),
        };

    private static AgentTokens Sum(AgentTokens? before, AgentTokens added) =>
        new((before?.Input ?? 0) + added.Input, (before?.Output ?? 0) + added.Output, (before?.Cached ?? 0) + added.Cached);
}
