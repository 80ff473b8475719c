namespace LoopOrchestrator.Core.Git;

/// <summary>A call of git did not end in time, and was ended.</summary>
internal sealed class GitTimeoutException(string message) : GitException(message);
