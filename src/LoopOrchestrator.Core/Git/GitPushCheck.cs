using LoopOrchestrator.Core.Processes;

namespace LoopOrchestrator.Core.Git;

/// <summary>
/// What keeps a push from being made: a program of the repository's choice that it would execute, or a hook that it would leave out.
/// </summary>
internal static class GitPushCheck
{
    /// <summary>Why nothing is pushed; <see langword="null"/> where nothing is against it.</summary>
    /// <param name="remote">The remote, as the branch's configuration names it.</param>
    /// <exception cref="GitException">Git could not say.</exception>
    public static async Task<string?> WhyNotAsync(GitRepository repository, string remote, CancellationToken cancellationToken)
    {
        const string byHand = "Push by hand, or have a step of kind 'command' call git push";
        var configuration = await repository.ConfigurationAsync(cancellationToken);
        if (configuration.RepositorysTransport is { } setting)
        {
            return $"the repository's own configuration says how it is carried or which program is executed for it "
                + $"({setting} in .git/config), which is not done here. If it is yours, put it into your own configuration "
                + $"(git config --global {setting} ...) and take it out of the repository's";
        }

        if (configuration.PushHook is { } named)
        {
            return $"the configuration names a hook for pushes ({named}), and hooks are not executed here. {byHand}";
        }

        if (await HookAsync(repository, configuration, cancellationToken) is { } hook)
        {
            return $"the repository has a hook for pushes ({hook}), and hooks are not executed here; "
                + $"without it a push could leave out what it checks or uploads. {byHand}";
        }

        string[] question = ["remote", "get-url", "--push", "--all", "--", remote];
        var addresses = await repository.TryRunAsync(question, cancellationToken: cancellationToken);
        if (!addresses.Ok)
        {
            return $"{remote} is no remote with an address. {byHand}";
        }

        return addresses.Text.Split('\n').FirstOrDefault(address => IsInside(repository, address)) is { } inside
            ? $"{inside} lies in the workspace itself, and what is configured there would be executed. {byHand}"
            : null;
    }

    private static async Task<string?> HookAsync(
        GitRepository repository,
        GitConfiguration configuration,
        CancellationToken cancellationToken
    )
    {
        string[] question = ["rev-parse", "--path-format=absolute", "--git-common-dir"];
        var common = (await repository.RunAsync(question, cancellationToken: cancellationToken)).Text;
        var folder = configuration.HooksFolder switch
        {
            null or "" => Path.Combine(common, "hooks"),
            ['~', '/', .. var rest] => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), rest),
            var named => Path.GetFullPath(named, repository.Root),
        };
        return ExecutableFinder.Find(Path.Combine(folder, "pre-push"), folder).Path;
    }

    // A path, and no address with a scheme or a host before a colon. It is executed there, with the hooks and settings that are there.
    private static bool IsInside(GitRepository repository, string address)
    {
        var path = address.StartsWith("file://", StringComparison.Ordinal) ? address["file://".Length..] : address;
        var colon = path.IndexOf(':', StringComparison.Ordinal);
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var isPath = colon < 0 || (slash >= 0 && slash < colon) || Path.IsPathFullyQualified(path);
        return isPath && ExecutableFinder.IsInside(Path.GetFullPath(path, repository.Root), repository.Root);
    }
}
