using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Testing;

/// <summary>A folder of a test's own, removed with everything in it at the end.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>The folder, absolute.</summary>
    public string FullPath { get; } = TemporaryPlace.Create();

    /// <summary>The folder as a workspace.</summary>
    public WorkspacePaths Paths => new(FullPath);

    /// <summary>The path of something in the folder.</summary>
    public string File(string name) => Path.Combine(FullPath, name);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
