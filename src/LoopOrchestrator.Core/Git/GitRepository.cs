using System.Text;

namespace LoopOrchestrator.Core.Git;

/// <summary>
/// The git work tree that a workspace lies in, asked through the git program. Every call goes through <see cref="GitProcess"/>: nothing
/// that
/// the repository configures is executed, no transport is used, and no call takes a lock only to look. Safe for many threads.
/// </summary>
internal sealed class GitRepository
{
    // They neither read files of the work tree nor write an index. Whoever writes one (write-tree too) reads files that are as old as it
    // is, by their filters.
    private static readonly string[] ReadsNoContent =
    [
        "cat-file",
        "check-ignore",
        "commit-tree",
        "config",
        "diff-tree",
        "for-each-ref",
        "log",
        "ls-files",
        "mktree",
        "remote",
        "rev-list",
        "rev-parse",
        "symbolic-ref",
        "var",
    ];

    // Nor do these, and yet a hook that the configuration names would hear of them.
    private static readonly string[] HeardOf = ["update-ref", "worktree"];

    private static readonly Dictionary<string, string> Nothing = new(StringComparer.Ordinal);

    private readonly GitProcess _git;
    private readonly KnownConfiguration _configuration;

    private GitRepository(GitProcess git, string folder, string root, string gitFolder, KnownConfiguration configuration)
    {
        _git = git;
        _configuration = configuration;
        Folder = folder;
        Root = root;
        GitFolder = gitFolder;
    }

    /// <summary>The folder that calls are made in: the workspace, or a work tree of its repository.</summary>
    public string Folder { get; }

    /// <summary>The top of the work tree, absolute; the workspace or a folder above it.</summary>
    public string Root { get; }

    /// <summary>The work tree's own git folder (index, HEAD, state of a rebase), absolute.</summary>
    public string GitFolder { get; }

    /// <summary>What becomes of filters in calls that read files; off unless somebody says otherwise.</summary>
    public GitFilters Filters { get; private init; }

    /// <summary>What it said of itself when it was found; <see langword="null"/> for one that was not looked for.</summary>
    public GitPlaces? Places { get; private init; }

    /// <summary>Whether it is one of our own, which nobody else configures.</summary>
    public bool IsOwn { get; private init; }

    /// <summary>Whether the folder is the top of its work tree.</summary>
    public bool IsTop => Root == Folder;

    /// <summary>The work tree that a folder lies in.</summary>
    /// <param name="folder">The folder, absolute.</param>
    /// <param name="time">The clock of the time limit.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The repository; else <see langword="null"/> and why, in a phrase and as a kind.</returns>
    public static async Task<(GitRepository? Repository, string? Why, GitAbsence Absence)> FindAsync(
        string folder,
        TimeProvider time,
        CancellationToken cancellationToken = default
    )
    {
        if (GitProgram.Find(folder) is not { } program)
        {
            return (null, GitProgram.Missing, GitAbsence.NoProgram);
        }

        var git = new GitProcess(program, time);
        string[] question = ["rev-parse", "--is-inside-work-tree", "--show-toplevel", "--absolute-git-dir", .. GitPlaces.Question];
        var answer = await git.RunAsync(folder, GitAccess.Local, question, Nothing, [], [], cancellationToken);
        if (answer.Ok && Encoding.UTF8.GetString(answer.Output).Split('\n') is ["true", var root, var gitFolder, .. var places])
        {
            var found = GitPlaces.Parse(places);
            var configuration = new KnownConfiguration(found is null ? [] : [found.Configuration, found.WorkTreeConfiguration]);
            return (new GitRepository(git, folder, root, gitFolder, configuration) { Places = found }, null, GitAbsence.None);
        }

        return answer.Error.Contains("dubious ownership", StringComparison.Ordinal)
            ? (null, GitOwner.Refusal(folder, answer.Error), GitAbsence.Refused)
            : (null, "the workspace is no git work tree", GitAbsence.NoWorkTree);
    }

    /// <summary>
    /// A repository of our own that keeps files of a folder, whatever other repository is there or is not; <see langword="null"/> where
    /// there is no git.
    /// </summary>
    /// <param name="folder">Where calls are made, absolute.</param>
    /// <param name="root">The top of the work tree: the folder, or one above it.</param>
    /// <param name="gitFolder">Its git folder, with nothing in it that somebody else wrote.</param>
    /// <param name="time">The clock of the time limit.</param>
    public static GitRepository? Own(string folder, string root, string gitFolder, TimeProvider time) =>
        GitProgram.Find(folder) is { } program
            ? new GitRepository(new GitProcess(program, time), folder, root, gitFolder, new KnownConfiguration([])) { IsOwn = true }
            : null;

    /// <summary>The same repository with calls made in another work tree of it.</summary>
    public GitRepository In(string folder, string gitFolder) =>
        new(_git, folder, folder, gitFolder, gitFolder == GitFolder ? _configuration : new KnownConfiguration([]))
        {
            Filters = Filters,
            IsOwn = IsOwn,
        };

    /// <summary>The same repository with other filters.</summary>
    public GitRepository With(GitFilters filters) =>
        new(_git, Folder, Root, GitFolder, _configuration)
        {
            Filters = filters,
            IsOwn = IsOwn,
            Places = Places,
        };

    /// <summary>
    /// All settings in force: the repository's own as they are now, those of the user as they were when this was made or
    /// <see cref="ForgetConfiguration"/> was called.
    /// </summary>
    /// <exception cref="GitException">Git could not tell them.</exception>
    public Task<GitConfiguration> ConfigurationAsync(CancellationToken cancellationToken = default) =>
        _configuration.ReadAsync(
            async token =>
                GitConfiguration.Parse(await _git.RunAsync(Folder, GitAccess.Local, GitConfiguration.Question, Nothing, [], [], token)),
            cancellationToken
        );

    /// <summary>Has git asked anew for all settings: after programs of somebody else have run.</summary>
    public void ForgetConfiguration() => _configuration.Forget();

    /// <summary>Calls git and expects success.</summary>
    /// <param name="arguments">The arguments, one each; no shell takes them apart.</param>
    /// <param name="environment">Variables to set for this call, such as another index file.</param>
    /// <param name="input">Its standard input; empty when not given.</param>
    /// <param name="cancellationToken">Ends the call, and git with it.</param>
    /// <exception cref="GitException">It did not succeed, or not within two minutes, or the repository names a filter that it would
    /// need.</exception>
    public async Task<GitResult> RunAsync(
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        byte[]? input = null,
        CancellationToken cancellationToken = default
    )
    {
        var result = await TryRunAsync(arguments, environment, input, cancellationToken);
        var subcommand = GitArguments.Subcommand(arguments);
        return result.Ok
            ? result
            : throw new GitException($"git {subcommand} ended with exit code {result.ExitCode}: {result.Error.Trim()}");
    }

    /// <summary>As <see cref="RunAsync"/>, for calls whose exit code is an answer.</summary>
    /// <exception cref="GitException">It could not be started, did not end within two minutes, or the repository names a filter that it
    /// would need.</exception>
    public async Task<GitResult> TryRunAsync(
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        byte[]? input = null,
        CancellationToken cancellationToken = default
    )
    {
        var variables = IsOwn ? WithOwn(environment ?? Nothing) : environment ?? Nothing;
        var settings = await SwitchedOffAsync(GitArguments.Subcommand(arguments), variables, cancellationToken);
        return await _git.RunAsync(Folder, GitAccess.Local, arguments, variables, settings, input ?? [], cancellationToken);
    }

    /// <summary>
    /// Pushes, as the user's own <c>git push</c> would but without hooks: only where <see cref="GitPushCheck"/> has nothing against it.
    /// </summary>
    /// <param name="arguments">What follows <c>push</c>.</param>
    /// <exception cref="GitException">It could not be started, or did not end within ten minutes.</exception>
    public async Task<GitResult> PushAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken = default)
    {
        var settings = (await ConfigurationAsync(cancellationToken)).SwitchedOff(GitFilters.Off);
        return await _git.RunAsync(Folder, GitAccess.Push, ["push", .. arguments], Nothing, settings, [], cancellationToken);
    }

    private Dictionary<string, string> WithOwn(IReadOnlyDictionary<string, string> environment)
    {
        var variables = new Dictionary<string, string>(environment, StringComparer.Ordinal);
        variables.TryAdd("GIT_DIR", GitFolder);
        variables.TryAdd("GIT_COMMON_DIR", GitFolder);
        variables.TryAdd("GIT_WORK_TREE", Root);
        variables.TryAdd("GIT_OBJECT_DIRECTORY", Path.Combine(GitFolder, "objects"));
        return variables;
    }

    // Known for each call by itself: between two of them an agent may be at work.
    private async Task<IEnumerable<KeyValuePair<string, string>>> SwitchedOffAsync(
        string subcommand,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellationToken
    )
    {
        // With a git folder of our own, the repository's configuration is not read.
        if (environment.ContainsKey("GIT_DIR") || ReadsNoContent.Contains(subcommand, StringComparer.Ordinal))
        {
            return [];
        }

        var configuration = await ConfigurationAsync(cancellationToken);
        var needsFilters = Filters == GitFilters.Users && !HeardOf.Contains(subcommand, StringComparer.Ordinal);
        return needsFilters && configuration.RepositorysFilter is { } filter
            ? throw new GitException(
                $"the repository's own configuration names a program ({filter} in .git/config) that git would start for its files, and it "
                    + "is not executed here. If it is yours, put it into your own configuration (git config --global "
                    + $"{filter} ...) and take it out of the repository's, or commit by hand"
            )
            : configuration.SwitchedOff(Filters);
    }
}
