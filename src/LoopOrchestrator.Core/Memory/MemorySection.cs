namespace LoopOrchestrator.Core.Memory;

/// <summary>The three sections of the memory, in the order of the file.</summary>
public enum MemorySection
{
    /// <summary>How things are done here that one would not guess.</summary>
    Patterns,

    /// <summary>Commands that work, and how to debug.</summary>
    Commands,

    /// <summary>What changed and where things stand.</summary>
    Updates,
}
