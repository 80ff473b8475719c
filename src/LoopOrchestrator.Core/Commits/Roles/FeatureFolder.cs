namespace LoopOrchestrator.Core.Commits.Roles;

/// <summary>The part of a path that says which feature a file belongs to, the same for code and its tests. Pure.</summary>
internal static class FeatureFolder
{
    // Deeper folders of a feature belong to it.
    private const int Depth = 2;

    private static readonly string[] Containers =
    [
        "src",
        "source",
        "sources",
        "lib",
        "libs",
        "app",
        "apps",
        "packages",
        "pkg",
        "crates",
        "modules",
        "internal",
        "main",
        "java",
        "kotlin",
        "scala",
        "python",
    ];

    /// <summary>Up to two folder names in lower case, joined by a slash; empty for what lies at the top.</summary>
    public static string Of(string path) => string.Join('/', Segments(path).Take(Depth));

    /// <summary>The first folder name of <see cref="Of"/>; empty where there is none.</summary>
    public static string Top(string key) => key.Split('/')[0];

    /// <summary>Whether one of the folders, in lower case, is one that code is kept in.</summary>
    public static bool IsAmongCode(IEnumerable<string> folders) => folders.Any(static folder => Containers.Contains(folder));

    private static IEnumerable<string> Segments(string path) =>
        path.ToLowerInvariant()
            .Split('/')
            .SkipLast(1)
            .Select(TestNames.WithoutTest)
            .Where(static segment => segment.Length > 0 && !Containers.Contains(segment));
}
