namespace LoopOrchestrator.Mcp.Info;

/// <summary>One of the workspaces of a server of several.</summary>
/// <param name="Name">What it is called in it.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="Served">Whether it would be served.</param>
/// <param name="Problem">Why not; absent where it would be.</param>
internal sealed record InfoWorkspace(string Name, string Folder, bool Served, string? Problem);
