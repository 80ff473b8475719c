using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Git;

namespace LoopOrchestrator.Core.Commits;

/// <summary>In whose name commits are made: as the user's git is configured, and never in a made-up one.</summary>
internal sealed class CommitIdentity(GitRepository repository)
{
    /// <summary>For calls that write commits: no name made from the machine's, and messages in UTF-8.</summary>
    public static IReadOnlyDictionary<string, string> Variables { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["GIT_CONFIG_COUNT"] = "2",
            ["GIT_CONFIG_KEY_0"] = "user.useConfigOnly",
            ["GIT_CONFIG_VALUE_0"] = "true",
            ["GIT_CONFIG_KEY_1"] = "i18n.commitEncoding",
            ["GIT_CONFIG_VALUE_1"] = "UTF-8",
        };

    /// <summary>Refuses where git does not know who commits.</summary>
    /// <exception cref="UserErrorException">It does not.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken = default)
    {
        foreach (var who in (string[])["GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"])
        {
            var answer = await repository.TryRunAsync(["var", who], Variables, cancellationToken: cancellationToken);
            if (!answer.Ok)
            {
                throw new UserErrorException(
                    "Git does not know in whose name to commit; nothing was committed. Say it with 'git config user.name "
                        + "\"Your Name\"' and 'git config user.email you@example.org' (--global for all repositories), "
                        + "or with the variables GIT_AUTHOR_NAME, GIT_AUTHOR_EMAIL, GIT_COMMITTER_NAME and GIT_COMMITTER_EMAIL."
                );
            }
        }
    }
}
