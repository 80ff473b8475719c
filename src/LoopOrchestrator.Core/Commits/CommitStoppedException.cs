namespace LoopOrchestrator.Core.Commits;

/// <summary>A commit cannot be made as things are now; those before it stay. The message says why.</summary>
internal sealed class CommitStoppedException(string message, string output = "") : Exception(message)
{
    /// <summary>What a gate printed last.</summary>
    public string Output { get; } = output;
}
