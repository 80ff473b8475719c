using LoopOrchestrator.Core.Status;

namespace LoopOrchestrator.Mcp.Tools.Status;

/// <summary>Whether the schedules fire, by what became of their due moments.</summary>
/// <param name="Sentence">All of it in words.</param>
/// <param name="Alive">False where due moments are missing, or nothing fires although a schedule is active.</param>
/// <param name="FiringSince">Since when a process fires schedules; left out when none does.</param>
/// <param name="Due">The due moments of the last seven days, and all that are missing.</param>
/// <param name="WithOutcome">Those of them that have an outcome.</param>
/// <param name="Waiting">Those that are entered and wait.</param>
/// <param name="Missing">Those that nothing has fired.</param>
/// <param name="NextAt">When the next schedule is due.</param>
internal sealed record ProofOfLifeResult(
    string Sentence,
    bool Alive,
    DateTimeOffset? FiringSince,
    long Due,
    long WithOutcome,
    long Waiting,
    long Missing,
    DateTimeOffset? NextAt
)
{
    public static ProofOfLifeResult From(ProofOfLife life, DateTimeOffset now) =>
        new(life.Describe(now), life.IsAlive, life.FiringSince, life.Due, life.WithOutcome, life.Waiting, life.Missing, life.NextAt);
}
