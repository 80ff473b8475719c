namespace LoopOrchestrator.Core.WorkFiles;

/// <summary>An entry of a folder of the workspace.</summary>
/// <param name="Path">Relative to the workspace.</param>
/// <param name="Kind"><c>file</c>, <c>folder</c> or <c>link</c>; a link is not followed.</param>
/// <param name="Bytes">The size of a file.</param>
public sealed record WorkFileRow(string Path, string Kind, long Bytes);
