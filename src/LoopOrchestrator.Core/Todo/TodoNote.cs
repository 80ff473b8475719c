namespace LoopOrchestrator.Core.Todo;

/// <summary>A line below an item.</summary>
/// <param name="Line">Its line, counted from 1.</param>
/// <param name="Key">
/// What stands before the colon, in bold or as a word or a few; <see langword="null"/> when the line has no such form.
/// </param>
/// <param name="Text">The line's text without bullet and key.</param>
public sealed record TodoNote(int Line, string? Key, string Text);
