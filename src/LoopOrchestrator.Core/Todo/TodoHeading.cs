namespace LoopOrchestrator.Core.Todo;

/// <summary>A heading of the plan.</summary>
/// <param name="Line">Its line, counted from 1.</param>
/// <param name="Title">Its text.</param>
/// <param name="Path">The headings above it and itself, joined by <c> &gt; </c>: the section of the items below.</param>
internal sealed record TodoHeading(int Line, string Title, string Path);
