using LoopOrchestrator.Core.Trust;

namespace LoopOrchestrator.Core.Configuration;

/// <summary>What trust in the agents of modes covers: which one each mode has.</summary>
internal static class ModeAgentTrust
{
    /// <summary>The entry of the agent that a mode has: its own, or, implied, the default.</summary>
    public static TrustedEntry Entry(string mode, OrchestratorConfiguration configuration)
    {
        var own = configuration.ModeAgents.GetValueOrDefault(mode);
        var place = $"{configuration.FileName}: modes.{mode}.agent";
        return TrustedEntry.OfAgentName(TrustedKind.ModeAgent, place, own ?? configuration.DefaultAgent) with { IsImplied = own is null };
    }
}
