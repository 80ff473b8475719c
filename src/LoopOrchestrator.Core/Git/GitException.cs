namespace LoopOrchestrator.Core.Git;

/// <summary>A call of git failed that had to succeed. The message holds the call and what git said.</summary>
internal class GitException(string message, Exception? inner = null) : Exception(message, inner);
