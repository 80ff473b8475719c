namespace LoopOrchestrator.Core.Commits.Roles;

/// <summary>Which files are tests, and of what, by the names that are usual in many languages.</summary>
internal static class TestNames
{
    private static readonly string[] Folders =
    [
        "test",
        "tests",
        "__tests__",
        "spec",
        "specs",
        "e2e",
        "testdata",
        "__mocks__",
        "__snapshots__",
    ];
    private static readonly string[] FolderEnds = [".tests", ".test", ".specs", "-tests", "-test", "_tests", "_test"];
    private static readonly string[] Dotted = [".test", ".tests", ".spec", ".specs", ".e2e", ".cy"];
    private static readonly string[] LowerEnds = ["_test", "_tests", "_spec", "-test", "-spec"];
    private static readonly string[] UpperEnds = ["Tests", "Test", "Specs", "Spec", "TestCase"];

    private static readonly string[][] Languages =
    [
        [".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte"],
        [".java", ".kt", ".kts", ".scala", ".groovy"],
        [".c", ".cc", ".cpp", ".cxx", ".h", ".hpp", ".hh", ".m", ".mm"],
        [".cs", ".razor", ".cshtml", ".fs", ".vb"],
    ];

    /// <summary>Whether a file is a test, by its name or by a folder above it.</summary>
    public static bool IsTest(string path) => OfName(NameOf(path)) is not null || path.Split('/').SkipLast(1).Any(IsFolder);

    /// <summary>Whether a folder of this name holds tests.</summary>
    public static bool IsFolder(string segment) =>
        Folders.Contains(segment, StringComparer.OrdinalIgnoreCase)
        || FolderEnds.Any(end => segment.Length > end.Length && segment.EndsWith(end, StringComparison.OrdinalIgnoreCase));

    /// <summary>A folder's name without what says that it holds tests; empty where nothing is left.</summary>
    public static string WithoutTest(string segment) =>
        Folders.Contains(segment, StringComparer.OrdinalIgnoreCase) ? ""
        : FolderEnds.FirstOrDefault(end => segment.EndsWith(end, StringComparison.OrdinalIgnoreCase)) is { } end ? segment[..^end.Length]
        : segment;

    /// <summary>The name of what a test of this path tests, to be compared with <see cref="Comparable"/> of a source file.</summary>
    public static string SubjectOf(string path) => Plain(OfName(NameOf(path)) ?? StemOf(path));

    /// <summary>A source file's name, to be compared with <see cref="SubjectOf"/> of a test.</summary>
    public static string Comparable(string path) => Plain(StemOf(path));

    /// <summary>Whether two files can test one another, by their extensions.</summary>
    public static bool AreOfOneLanguage(string one, string other)
    {
        var (first, second) = (Path.GetExtension(one).ToLowerInvariant(), Path.GetExtension(other).ToLowerInvariant());
        return first == second || Languages.Any(language => language.Contains(first) && language.Contains(second));
    }

    /// <summary>A file's name up to its first dot; the whole name where it begins with one.</summary>
    public static string StemOf(string path)
    {
        var name = NameOf(path);
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot <= 0 ? name : name[..dot];
    }

    /// <summary>The part of a path behind its last slash.</summary>
    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    // What the name of a test says that it tests; null where the name is no test's.
    private static string? OfName(string name)
    {
        var dot = name.LastIndexOf('.');
        var stem = dot <= 0 ? name : name[..dot];
        foreach (var end in Dotted)
        {
            if (stem.Length > end.Length && stem.EndsWith(end, StringComparison.OrdinalIgnoreCase))
            {
                return stem[..^end.Length];
            }
        }

        foreach (var end in LowerEnds)
        {
            if (stem.Length > end.Length && stem.EndsWith(end, StringComparison.Ordinal))
            {
                return stem[..^end.Length];
            }
        }

        if (stem.StartsWith("test_", StringComparison.Ordinal) && stem.Length > 5)
        {
            return stem[5..];
        }

        // A capital tells FooTest from Latest.
        foreach (var end in UpperEnds)
        {
            if (stem.Length > end.Length && stem.EndsWith(end, StringComparison.Ordinal) && char.IsLetterOrDigit(stem[^(end.Length + 1)]))
            {
                return stem[..^end.Length];
            }
        }

        return stem.Length > 5 && stem.StartsWith("Test", StringComparison.Ordinal) && char.IsUpper(stem[4]) ? stem[4..] : null;
    }

    private static string Plain(string stem) =>
        stem.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
}
