using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Mcp.Bootstrap;

/// <summary>Trust that the user gave once with a command. It is kept outside of every workspace.</summary>
internal static class RecordedTrust
{
    /// <returns>Where trust in this workspace is recorded, in words, or <see langword="null"/>.</returns>
    public static string? Find(string workspaceRoot) => new WorkspaceTrust(workspaceRoot, givenBy: null).GivenBy;
}
