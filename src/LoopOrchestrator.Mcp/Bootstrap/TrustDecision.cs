using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Bootstrap;

/// <summary>Whether the workspace's commands may be executed, and by what. Without trust everything else works.</summary>
internal sealed record TrustDecision(bool Trusted, string Source)
{
    private const string HowTo =
        "nothing said so: say it for good with 'loop-orchestrator trust', or for one process with --trust-workspace or "
        + "LOOP_TRUST_WORKSPACE=1";

    /// <param name="said">What option or variable say; it beats the record in both directions.</param>
    /// <param name="recorded">Who recorded trust in this workspace, outside of it; <see langword="null"/> where nobody did.</param>
    public static TrustDecision From(Sourced<bool?> said, string? recorded) =>
        said.Value is { } trusted ? new(trusted, said.Source)
        : recorded is not null ? new(true, recorded)
        : new(false, HowTo);
}
