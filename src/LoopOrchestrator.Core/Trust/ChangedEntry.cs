namespace LoopOrchestrator.Core.Trust;

/// <summary>An entry that is in two lists and not the same in both.</summary>
/// <param name="Before">As the earlier list has it.</param>
/// <param name="Now">As the later list has it.</param>
public sealed record ChangedEntry(TrustedEntry Before, TrustedEntry Now);
