using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Git;

namespace LoopOrchestrator.Core.Timing.Rotation;

/// <summary>Which files of the time log git tracks: those are the history of a project, and only its people decide about them.</summary>
internal static class TrackedTiming
{
    /// <summary>Asks git, where there is a repository.</summary>
    /// <returns>The tracked ones relative to the workspace, or why git cannot tell.</returns>
    public static async Task<(IReadOnlySet<string> Files, string? WhyUnknown)> AskAsync(
        WorkspacePaths paths,
        WorkspaceTrust trust,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var none = new HashSet<string>(StringComparer.Ordinal);
        if (GitFolder.WhyNone(paths.Root) is not null)
        {
            return (none, null);
        }

        try
        {
            var (repository, why, _) = await GitRepository.FindAsync(paths.Root, time, cancellationToken);
            if (repository is null)
            {
                return (none, why);
            }

            if (!trust.IsTrusted)
            {
                await GitUntrusted.CheckAsync(repository, cancellationToken);
            }

            string[] question = ["ls-files", "-z", "--", paths.Display(paths.Timing), paths.Display(paths.TimingMonths)];
            var answer = await repository.RunAsync(question, cancellationToken: cancellationToken);
            return (answer.Parts.ToHashSet(StringComparer.Ordinal), null);
        }
        catch (Exception exception) when (exception is GitException or UserErrorException)
        {
            return (none, exception.Message.TrimEnd('.'));
        }
    }
}
