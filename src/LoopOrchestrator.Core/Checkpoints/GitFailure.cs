using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Git;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>Makes of failures of git and of the disk what a caller can act on.</summary>
internal static class GitFailure
{
    /// <summary>Does something, and tells a failure.</summary>
    /// <param name="what">What did not succeed then, as the beginning of a sentence.</param>
    /// <exception cref="UserErrorException">It failed.</exception>
    public static async Task<T> ExplainFailureAsync<T>(WorkspacePaths paths, string what, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (exception is GitException or IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"{what} in {paths.Root}: {exception.Message.TrimEnd('.')}. See that 'git status' works there, and that "
                    + $"this user may write to {paths.State} and there is room on its disk; then repeat the call.",
                exception
            );
        }
    }
}
