using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Core.Todo;

/// <summary>What the plan says.</summary>
/// <param name="Items">The items that pass the filter, in the order of the file.</param>
/// <param name="Matching">How many pass it, beyond its limit.</param>
/// <param name="Statistics">Counts over all items, made before filtering.</param>
/// <param name="Diagnostics">Items that occur twice, notes that seem to belong elsewhere, broken characters; each with its line.</param>
public sealed record TodoReading(
    IReadOnlyList<TodoItem> Items,
    int Matching,
    TodoStatistics Statistics,
    IReadOnlyList<Diagnostic> Diagnostics
);
