namespace LoopOrchestrator.Core.Commits;

/// <summary>Which commits the changed files make. Every changed file is in exactly one group or left out.</summary>
/// <param name="Groups">The commits in their order.</param>
/// <param name="LeftOut">What is in none of them, in the order of the paths.</param>
public sealed record CommitPlan(IReadOnlyList<CommitGroup> Groups, IReadOnlyList<LeftOutFile> LeftOut);
