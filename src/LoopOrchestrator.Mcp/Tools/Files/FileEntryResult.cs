namespace LoopOrchestrator.Mcp.Tools.Files;

/// <summary>An entry of a folder.</summary>
/// <param name="Path">From the workspace's folder on.</param>
/// <param name="Kind"><c>file</c>, <c>folder</c> or <c>link</c>.</param>
/// <param name="Bytes">The size of a file.</param>
internal sealed record FileEntryResult(string Path, string Kind, long? Bytes);
