using System.ComponentModel;

namespace LoopOrchestrator.Mcp.Tools.Memory;

/// <summary>The answer of <c>read_memory</c>.</summary>
internal sealed record MemoryResult(
    [property: Description("The entries in the order of the file.")] IReadOnlyList<MemoryEntryResult> Entries,
    [property: Description("How many lines the memory has.")] int Lines,
    [property: Description("How many it may have; then the oldest entries move to the archive.")] int MaxLines,
    [property: Description("How many more lines fit.")] int Headroom,
    [property: Description("Torn entries and wrong sections, with their lines.")] IReadOnlyList<string> Findings);
