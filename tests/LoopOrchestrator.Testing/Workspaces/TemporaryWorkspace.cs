using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Testing.Workspaces;

/// <summary>A workspace of a test's own, gone with the test. Tests never use the repository as their workspace.</summary>
public sealed class TemporaryWorkspace : IDisposable
{
    /// <summary>Makes an empty folder.</summary>
    public TemporaryWorkspace()
    {
        Paths = new WorkspacePaths(TemporaryPlace.Create());
    }

    /// <summary>Where its files are.</summary>
    public WorkspacePaths Paths { get; }

    /// <summary>Its folder.</summary>
    public string Root => Paths.Root;

    /// <summary>Writes a file with these exact characters as UTF-8, and the folders above it.</summary>
    /// <returns>The file's path.</returns>
    public string Write(string relativePath, string content)
    {
        var path = Path.Combine(Root, relativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Reads a file, also while a server holds it open.</summary>
    public string Read(string relativePath)
    {
        using var stream = new FileStream(
            Path.Combine(Root, relativePath),
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete
        );
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Sets permissions where the system has POSIX ones; does nothing elsewhere.</summary>
    public void Permit(string relativePath, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(Root, relativePath), mode);
        }
    }

    /// <summary>
    /// Everything that could change, one line per entry: path, size and time of change. Equal before and after means untouched.
    /// </summary>
    public IReadOnlyList<string> Snapshot() =>
        [
            .. new DirectoryInfo(Root)
                .EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
                .Append(new DirectoryInfo(Root))
                .Select(entry => $"{entry.FullName} {(entry as FileInfo)?.Length} {entry.LastWriteTimeUtc:O}")
                .Order(StringComparer.Ordinal),
        ];

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // The test took it away itself.
        }
    }
}
