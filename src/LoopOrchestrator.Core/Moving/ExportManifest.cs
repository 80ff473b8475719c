namespace LoopOrchestrator.Core.Moving;

/// <summary>What an export says of itself, as its first file.</summary>
/// <param name="Format">The number of the format; a program reads those up to its own.</param>
/// <param name="Workspace">The folder that it was taken from.</param>
/// <param name="ExportedAt">When.</param>
internal sealed record ExportManifest(int Format, string Workspace, DateTimeOffset ExportedAt)
{
    /// <summary>The name of the file.</summary>
    public const string Name = "loop-workspace.json";

    /// <summary>The newest format.</summary>
    public const int Newest = 1;
}
