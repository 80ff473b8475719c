namespace LoopOrchestrator.Core.Register;

/// <summary>What every form of <c>workspaces.json</c> has in it.</summary>
/// <param name="Version">Of the form.</param>
internal sealed record RegisterVersion(int? Version);
