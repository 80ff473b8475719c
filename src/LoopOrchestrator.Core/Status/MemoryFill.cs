namespace LoopOrchestrator.Core.Status;

/// <summary>How full the memory is.</summary>
/// <param name="Lines">How many lines it has.</param>
/// <param name="MaxLines">How many it may have.</param>
public sealed record MemoryFill(int Lines, int MaxLines);
