using LoopOrchestrator.Core.Commits.Roles;

namespace LoopOrchestrator.Core.Commits;

/// <summary>
/// Divides code and tests by feature: a test goes with what it tests. Pure, and the same for the same files in any order.
/// </summary>
internal static class CodeGroups
{
    /// <summary>How many groups there may be before features are put together.</summary>
    public const int Max = 8;

    /// <summary>The files of each group, by the name of its feature.</summary>
    /// <param name="files">Code and tests, each with the path that decides where it belongs.</param>
    /// <param name="asOne">Whether they are one group whatever they are.</param>
    public static IReadOnlyList<(string Key, IReadOnlyList<PlacedFile> Files)> Divide(IReadOnlyList<PlacedFile> files, bool asOne)
    {
        var code = files.Where(static file => file.Role == FileRole.Code).ToList();
        var keys = code.Select(static file => file.Feature).ToHashSet(StringComparer.Ordinal);
        var placed = files
            .Select(file => (Key: file.Role == FileRole.Code ? file.Feature : KeyOfTest(file, code, keys), File: file))
            .ToList();
        var key = asOne ? static _ => "" : Coarser(placed.Select(static item => item.Key).Distinct(StringComparer.Ordinal).ToList());
        return
        [
            .. placed
                .GroupBy(item => key(item.Key), static item => item.File, StringComparer.Ordinal)
                .OrderBy(static group => group.Any(static file => file.Role == FileRole.Code) ? 0 : 1)
                .ThenBy(static group => group.Key, StringComparer.Ordinal)
                .Select(static group =>
                    (group.Key, (IReadOnlyList<PlacedFile>)group.OrderBy(static file => file.File.Path, StringComparer.Ordinal).ToList())
                ),
        ];
    }

    private static Func<string, string> Coarser(List<string> keys) =>
        keys.Count <= Max ? static key => key
        : keys.Select(FeatureFolder.Top).Distinct(StringComparer.Ordinal).Count() <= Max ? FeatureFolder.Top
        : static _ => "";

    // What it tests by its name, of several the one whose folders are most like its own; else the code of its own feature.
    private static string KeyOfTest(PlacedFile test, List<PlacedFile> code, HashSet<string> keys)
    {
        var subject = TestNames.SubjectOf(test.Anchor);
        var tested = code.Where(file =>
                TestNames.Comparable(file.Anchor) == subject && TestNames.AreOfOneLanguage(file.Anchor, test.Anchor)
            )
            .OrderByDescending(file => Alike(file.Feature, test.Feature))
            .ThenBy(static file => file.Anchor, StringComparer.Ordinal)
            .FirstOrDefault();
        return tested is not null ? tested.Feature
            : keys.Contains(test.Feature) ? test.Feature
            : keys.Where(key => FeatureFolder.Top(key) == FeatureFolder.Top(test.Feature)).ToList() is [var only] ? only
            : test.Feature;
    }

    private static int Alike(string one, string other) =>
        one == other ? 2
        : FeatureFolder.Top(one) == FeatureFolder.Top(other) ? 1
        : 0;
}
