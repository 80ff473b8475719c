namespace LoopOrchestrator.Mcp.Info;

/// <summary>One of the workspace's files.</summary>
/// <param name="Problems">What could not be read or understood, as <c>file:line:column: severity: message</c>.</param>
internal sealed record InfoFile(string Name, string Path, bool Exists, bool Readable, long? Size, IReadOnlyList<string> Problems);
