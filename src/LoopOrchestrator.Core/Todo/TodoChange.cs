namespace LoopOrchestrator.Core.Todo;

/// <summary>An item after it was to be changed or added. All of it is on disk.</summary>
/// <param name="Item">The item as it is now.</param>
/// <param name="IsChanged">It was changed or added; false when it was so already, and then nothing was written for it.</param>
/// <param name="Statistics">Counts over the whole plan now.</param>
public sealed record TodoChange(TodoItem Item, bool IsChanged, TodoStatistics Statistics);
