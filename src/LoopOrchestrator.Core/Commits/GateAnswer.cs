namespace LoopOrchestrator.Core.Commits;

/// <summary>What a gate says of a commit that is about to be made.</summary>
/// <param name="Passed">Whether it may be made.</param>
/// <param name="Why">When it may not: which check, and how it ended.</param>
/// <param name="Output">The last lines that the check printed, without credentials.</param>
public sealed record GateAnswer(bool Passed, string Why = "", string Output = "")
{
    /// <summary>It may be made.</summary>
    public static GateAnswer Pass { get; } = new(Passed: true);
}
