namespace LoopOrchestrator.Core.WorkFiles;

/// <summary>A line that a search found.</summary>
/// <param name="Path">The file, relative to the workspace.</param>
/// <param name="Line">The number of the line, from 1.</param>
/// <param name="Text">The line, or the part of a long one around what was found; without credentials.</param>
public sealed record WorkFileHit(string Path, int Line, string Text);
