namespace LoopOrchestrator.Core.Agents.Contracts;

/// <summary>The tokens of one run, as its agent counts them.</summary>
/// <param name="Input">What went to the model, cached or not.</param>
/// <param name="Output">What came from it.</param>
/// <param name="Cached">The part of <paramref name="Input"/> that was read from a cache.</param>
public sealed record AgentTokens(long Input, long Output, long Cached)
{
    /// <summary>All of them: what a budget is compared with.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public long Total => Input + Output;
}
