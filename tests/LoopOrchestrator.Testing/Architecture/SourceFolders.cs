namespace LoopOrchestrator.Testing.Architecture;

/// <summary>The folders of a project under <c>src</c> that hold code, at every depth.</summary>
public static class SourceFolders
{
    /// <summary>More than this in one folder and nobody finds their way in.</summary>
    public const int MaxFiles = 40;

    /// <summary>Each folder with the number of its files; the project's own is <c>.</c>.</summary>
    /// <param name="project">The project's name.</param>
    public static IReadOnlyDictionary<string, int> Of(string project)
    {
        var root = RepositoryFiles.Find($"src/{project}");
        return Directory
            .EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .GroupBy(file => Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Replace('\\', '/'), StringComparer.Ordinal)
            .Where(static folder => folder.Key.Split('/')[0] != "obj")
            .ToDictionary(static folder => folder.Key, static folder => folder.Count(), StringComparer.Ordinal);
    }
}
