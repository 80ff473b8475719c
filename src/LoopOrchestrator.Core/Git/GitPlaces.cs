namespace LoopOrchestrator.Core.Git;

/// <summary>What a repository says of itself when it is looked for, so that it is not asked a second time.</summary>
/// <param name="Objects">Where its objects are, absolute.</param>
/// <param name="Exclude">Its own list of what is ignored, absolute.</param>
/// <param name="Configuration">The repository's settings, absolute; those of all its work trees.</param>
/// <param name="WorkTreeConfiguration">The settings of this work tree alone, absolute. May be missing.</param>
/// <param name="ObjectFormat">Such as <c>sha1</c>.</param>
/// <param name="Prefix">The folder of the calls below the top of the work tree; empty where it is the top.</param>
/// <param name="Head">The commit that HEAD led to in that moment; <see langword="null"/> where there is none yet.</param>
internal sealed record GitPlaces(
    string Objects,
    string Exclude,
    string Configuration,
    string WorkTreeConfiguration,
    string ObjectFormat,
    string Prefix,
    string? Head
)
{
    /// <summary>What is asked for them, behind <c>rev-parse</c>; HEAD goes last, because without a commit it gives no line.</summary>
    public static IReadOnlyList<string> Question { get; } =
    [
        "--path-format=absolute",
        "--git-path",
        "objects",
        "--git-path",
        "info/exclude",
        "--git-path",
        "config",
        "--git-path",
        "config.worktree",
        "--show-object-format",
        "--show-prefix",
        "--revs-only",
        "HEAD",
    ];

    /// <summary>From the lines of the answer; <see langword="null"/> where git is too old to give them.</summary>
    public static GitPlaces? Parse(ReadOnlySpan<string> lines) =>
        lines is [var objects, var exclude, var config, var ofTree, var format, var prefix, .. var rest]
        && rest.Length <= 2
        && !format.StartsWith('-')
            ? new GitPlaces(objects, exclude, config, ofTree, format, prefix.TrimEnd('/'), rest is [{ Length: > 0 } head, ..] ? head : null)
            : null;
}
