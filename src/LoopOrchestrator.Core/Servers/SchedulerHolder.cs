namespace LoopOrchestrator.Core.Servers;

/// <summary>The process that holds the scheduler lock.</summary>
/// <param name="Identity">Which process it is.</param>
/// <param name="Since">Since when it holds the lock.</param>
public sealed record SchedulerHolder(string Identity, DateTimeOffset Since);
