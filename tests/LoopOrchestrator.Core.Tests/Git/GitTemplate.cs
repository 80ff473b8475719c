namespace LoopOrchestrator.Core.Tests.Git;

/// <summary>The content of a git folder, for writing it again as often as tests begin with the same.</summary>
internal sealed class GitTemplate
{
    private readonly List<(string Name, byte[]? Content)> _entries;

    private GitTemplate(List<(string Name, byte[]? Content)> entries) => _entries = entries;

    /// <summary>Keeps the content of a folder.</summary>
    public static GitTemplate Of(string folder) =>
        new([
            .. Directory
                .EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(path => (Path.GetRelativePath(folder, path), Directory.Exists(path) ? null : File.ReadAllBytes(path))),
        ]);

    /// <summary>Writes it. An index in it knows other files than those there now: git has to refresh it.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, content) in _entries)
        {
            if (content is null)
            {
                Directory.CreateDirectory(Path.Combine(folder, name));
            }
            else
            {
                File.WriteAllBytes(Path.Combine(folder, name), content);
            }
        }
    }
}
