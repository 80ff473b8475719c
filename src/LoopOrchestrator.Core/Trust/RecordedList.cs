namespace LoopOrchestrator.Core.Trust;

/// <summary>What is recorded of the commands that a person has seen.</summary>
/// <param name="List">The list; <see langword="null"/> where none is recorded.</param>
/// <param name="Adopted">Whether it is what was there when nobody had looked, and not what a person has seen.</param>
public sealed record RecordedList(TrustedList? List, bool Adopted);
