using LoopOrchestrator.Core.Trust;

namespace LoopOrchestrator.Core.Agents;

/// <summary>What trust in the agents of modes covers: which one each mode has.</summary>
internal static class ModeAgentTrust
{
    /// <summary>The entry of the agent that a mode has: its own, or, implied, the default.</summary>
    public static TrustedEntry Entry(string mode, AgentSettings settings)
    {
        var own = settings.ModeAgents.GetValueOrDefault(mode);
        var place = $"{settings.FileName}: modes.{mode}.agent";
        return TrustedEntry.OfAgentName(TrustedKind.ModeAgent, place, own ?? settings.DefaultAgent) with { IsImplied = own is null };
    }
}
