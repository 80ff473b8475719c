using System.Reflection;

namespace LoopOrchestrator.Testing;

/// <summary>The files of the repository that the tests were built in: for tests that compare documents with the code.</summary>
public static class RepositoryFiles
{
    /// <summary>The repository's folder, absolute.</summary>
    public static string Root { get; } =
        typeof(RepositoryFiles)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(static attribute => string.Equals(attribute.Key, "RepositoryRoot", StringComparison.Ordinal))
            .Value!;

    /// <summary>The absolute path of something in it.</summary>
    /// <param name="path">Its path from the repository's folder, with <c>/</c>.</param>
    public static string Find(string path) => Path.Combine(Root, path.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>The text of a file.</summary>
    /// <param name="path">Its path from the repository's folder, with <c>/</c>.</param>
    public static string Read(string path) => File.ReadAllText(Find(path));
}
