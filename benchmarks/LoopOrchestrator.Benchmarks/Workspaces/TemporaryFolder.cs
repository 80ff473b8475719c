namespace LoopOrchestrator.Benchmarks.Workspaces;

/// <summary>A folder of a benchmark's own, removed with everything in it at the end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    /// <summary>Creates the folder.</summary>
    /// <param name="parent">Where; the system's temporary folder when not given.</param>
    public TemporaryFolder(string? parent)
    {
        if (parent is not null && !Directory.Exists(parent))
        {
            throw new BenchmarkException($"--folder is '{parent}', and there is no such folder.");
        }

        FullPath = Directory
            .CreateDirectory(Path.Combine(Path.GetFullPath(parent ?? Path.GetTempPath()), $"loop-bench-{Guid.NewGuid():N}"))
            .FullName;
    }

    public string FullPath { get; }

    /// <summary>The file system that it is on, where the system tells: a sync costs nothing on one that lives in memory.</summary>
    public string FileSystem
    {
        get
        {
            try
            {
                return new DriveInfo(FullPath).DriveFormat;
            }
            catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException)
            {
                return "unknown";
            }
        }
    }

    /// <summary>Creates a folder in it.</summary>
    public string Create(string name) => Directory.CreateDirectory(Path.Combine(FullPath, name)).FullName;

    /// <inheritdoc/>
    public void Dispose()
    {
        // A supervisor may write its last file a moment after its server has ended.
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.Delete(FullPath, recursive: true);
                return;
            }
            catch (DirectoryNotFoundException)
            {
                return;
            }
            catch (IOException) when (attempt < 50)
            {
                Thread.Sleep(100);
            }
        }
    }
}
