namespace LoopOrchestrator.Core.Register;

/// <summary>A workspace that its user has given a name.</summary>
/// <param name="Name">The name; see <see cref="WorkspaceName"/>.</param>
/// <param name="Folder">Its folder, absolute and with every link resolved; it may be gone by now.</param>
/// <param name="Added">When it was registered.</param>
public sealed record RegisteredWorkspace(string Name, string Folder, DateTimeOffset Added);
