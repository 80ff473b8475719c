namespace LoopOrchestrator.Core.Markdown;

/// <summary>One merge conflict by the indexes of its lines.</summary>
/// <param name="Begin">Its first line, the marker.</param>
/// <param name="OursEnd">The marker behind the first reading.</param>
/// <param name="TheirsBegin">The first line of the second reading.</param>
/// <param name="End">The index after its last line.</param>
/// <param name="IsComplete">Whether it has its end. One without is taken to go on to the next heading, and has one reading.</param>
internal sealed record MergeConflict(int Begin, int OursEnd, int TheirsBegin, int End, bool IsComplete);
