namespace LoopOrchestrator.Core.Escalations;

/// <summary>An escalation that was resolved just now.</summary>
/// <param name="Escalation">The escalation, with its note.</param>
/// <param name="Resumed">Whether its schedule goes on; <see langword="null"/> when it has none.</param>
public sealed record ResolvedEscalation(Escalation Escalation, bool? Resumed);
