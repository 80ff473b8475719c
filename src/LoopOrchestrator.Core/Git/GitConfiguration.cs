using System.Text;

namespace LoopOrchestrator.Core.Git;

/// <summary>All settings in force in a repository, the user's and its own: what it could have executed, and how it fetches.</summary>
/// <param name="settings">In git's order: what comes later wins.</param>
internal sealed class GitConfiguration(IReadOnlyList<GitSetting> settings)
{
    // Helpers that come with git or with a system, by their names alone. Anything else is a program that somebody chose.
    private static readonly string[] KnownHelpers =
    [
        "",
        "cache",
        "libsecret",
        "manager",
        "manager-core",
        "osxkeychain",
        "store",
        "wincred",
    ];

    /// <summary>The call that lists them. It reads files, and starts nothing.</summary>
    public static IReadOnlyList<string> Question { get; } = ["config", "--list", "--show-scope", "--includes", "-z"];

    /// <summary>A filter that the repository itself names, by its setting; <see langword="null"/> where there is none.</summary>
    public string? RepositorysFilter =>
        settings.FirstOrDefault(static one => one.IsRepositorys && (IsFilter(one) || IsFilterExtension(one)))?.Key;

    /// <summary>
    /// What says that objects may be missing here, for git to fetch them when it needs them; <see langword="null"/> where nothing says so.
    /// </summary>
    public string? Promisor =>
        settings
            .FirstOrDefault(static one =>
                one.Key == "extensions.partialclone"
                || one is { Section: "remote", Name: "partialclonefilter" }
                || (one is { Section: "remote", Name: "promisor" } && IsTrue(one.Value))
            )
            ?.Key;

    /// <summary>Where the work tree is, where the repository says so itself; relative to its git folder.</summary>
    public string? WorkTree => Last(static one => one.Key == "core.worktree");

    /// <summary>Whether the repository's own files lead to others.</summary>
    public bool HasIncludes => settings.Any(static one => one is { IsRepositorys: true, Section: "include" or "includeif" });

    /// <summary>Those of a kind, in git's order.</summary>
    /// <param name="isWanted">Says of a key whether it is; the key's first and last part are in small letters.</param>
    public IEnumerable<GitSetting> Where(Func<string, bool> isWanted) => settings.Where(one => isWanted(one.Key));

    /// <summary>Where hooks are, where anybody says so.</summary>
    public string? HooksFolder => Last(static one => one.Key == "core.hookspath");

    /// <summary>
    /// What the repository itself configures that a push would execute, or that chooses how it is carried, by its setting; <see
    /// langword="null"/>
    /// where there is none. Such a setting in the user's own configuration is the user's.
    /// </summary>
    public string? RepositorysTransport => settings.FirstOrDefault(static one => one.IsRepositorys && IsTransport(one))?.Key;

    /// <summary>A hook for pushes that the configuration names; <see langword="null"/> where there is none.</summary>
    public string? PushHook => settings.FirstOrDefault(static one => one is { Section: "hook", Name: "event", Value: "pre-push" })?.Key;

    /// <summary>Reads what git answers.</summary>
    /// <exception cref="GitException">It could not say; then nothing is known to be safe.</exception>
    public static GitConfiguration Parse(GitResult answer)
    {
        if (!answer.Ok)
        {
            throw new GitException($"git config ended with exit code {answer.ExitCode}: {answer.Error.Trim()}");
        }

        // Scope, name and value: a zero byte behind the first and the last of them, a line end between the two.
        var parts = Encoding.UTF8.GetString(answer.Output).Split('\0');
        var settings = new List<GitSetting>(parts.Length / 2);
        for (var index = 0; index + 1 < parts.Length; index += 2)
        {
            if (parts[index] == "command")
            {
                // What this call itself was given.
                continue;
            }

            var end = parts[index + 1].IndexOf('\n', StringComparison.Ordinal);
            var (key, value) = end < 0 ? (parts[index + 1], "") : (parts[index + 1][..end], parts[index + 1][(end + 1)..]);
            settings.Add(new GitSetting(parts[index], key, value) { IsNameAlone = end < 0 });
        }

        return new GitConfiguration(settings);
    }

    /// <summary>
    /// The settings that keep what has a name of its own from being executed: hooks of the configuration always, filters where they are
    /// off.
    /// </summary>
    public IEnumerable<KeyValuePair<string, string>> SwitchedOff(GitFilters filters)
    {
        foreach (var hook in Subsections("hook"))
        {
            yield return new($"hook.{hook}.enabled", "false");
        }

        if (filters == GitFilters.Off)
        {
            foreach (var filter in Subsections("filter"))
            {
                yield return new($"filter.{filter}.clean", "");
                yield return new($"filter.{filter}.smudge", "");
                yield return new($"filter.{filter}.process", "");
                yield return new($"filter.{filter}.required", "false");
            }
        }
    }

    private static bool IsFilter(GitSetting one) =>
        one is { Section: "filter", Subsection: not null, Name: "clean" or "smudge" or "process" };

    // What git-lfs, a filter of the user's, would execute for this repository.
    private static bool IsFilterExtension(GitSetting one) => one.Key.StartsWith("lfs.extension.", StringComparison.Ordinal);

    private static bool IsTransport(GitSetting one) =>
        one.Section switch
        {
            "core" => one.Name is "sshcommand" or "gitproxy",
            "credential" => one.Name == "helper" && !KnownHelpers.Contains(one.Value, StringComparer.Ordinal),
            "remote" => one.Name is "receivepack" or "vcs",
            "protocol" => true,
            _ => false,
        };

    private static bool IsTrue(string value) => value is not ("false" or "no" or "off" or "0");

    private IEnumerable<string> Subsections(string section) =>
        settings
            .Where(one => one.Section == section)
            .Select(static one => one.Subsection)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal);

    private string? Last(Func<GitSetting, bool> wanted) => settings.LastOrDefault(wanted)?.Value;
}
