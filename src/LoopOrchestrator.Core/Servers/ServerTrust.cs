namespace LoopOrchestrator.Core.Servers;

/// <summary>What a server process may execute.</summary>
/// <param name="IsTrusted">Whether it may start programs.</param>
/// <param name="Held">What it holds back all the same until a person has looked, a phrase a line.</param>
public readonly record struct ServerTrust(bool IsTrusted, string Held);
