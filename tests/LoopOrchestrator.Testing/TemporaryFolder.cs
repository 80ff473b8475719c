using LoopOrchestrator.Core.Workspaces;

namespace LoopOrchestrator.Testing;

/// <summary>A folder of a test's own, removed with everything in it at the end.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private const string Memory = "/dev/shm";

    /// <summary>Creates the folder.</summary>
    public TemporaryFolder() => FullPath = Directory.CreateTempSubdirectory("loop-test-").FullName;

    /// <summary>Creates the folder in memory where the system has such a place: for tests of many thousand steps that are not about the disk.</summary>
    public static TemporaryFolder InMemory() => Directory.Exists(Memory) ? new TemporaryFolder(Path.Combine(Memory, $"loop-test-{Path.GetRandomFileName()}")) : new TemporaryFolder();

    private TemporaryFolder(string path) => FullPath = Directory.CreateDirectory(path).FullName;

    /// <summary>The folder, absolute.</summary>
    public string FullPath { get; }

    /// <summary>The folder as a workspace.</summary>
    public WorkspacePaths Paths => new(FullPath);

    /// <summary>The path of something in the folder.</summary>
    public string File(string name) => Path.Combine(FullPath, name);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
