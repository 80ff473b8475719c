namespace LoopOrchestrator.Core.Todo;

/// <summary>An item to be added to the plan.</summary>
/// <param name="Text">
/// What is to be done, in one line: line breaks become spaces. At most <see cref="TodoStore.MaxTextLength"/> characters.
/// </param>
/// <param name="Section">
/// The heading that it goes under, as its title or as the path that items show; created at the end of the file when there is none.
/// <see cref="TodoStore.DefaultSection"/> when not given.
/// </param>
/// <param name="Acceptance">How one sees that it is done.</param>
/// <param name="Notes">Further notes, one line each.</param>
public sealed record NewTodo(string Text, string? Section = null, string? Acceptance = null, IReadOnlyList<string>? Notes = null);
