using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Git;

/// <summary>
/// Whether git refuses a folder because of its owner, as it does where a container mounts a repository of another user. Git is asked only
/// where the files say that it could be so.
/// </summary>
internal static class GitOwner
{
    private const string Advice = "git config --global --add safe.directory";

    /// <summary>What is said of a folder that git refuses, with what to do.</summary>
    /// <param name="folder">The folder that git was asked about.</param>
    /// <param name="error">What git said; it names the folder that is to be excepted.</param>
    public static string Refusal(string folder, string error)
    {
        var named = error
            .Split('\n')
            .Select(static line => line.Trim())
            .FirstOrDefault(static line => line.StartsWith(Advice, StringComparison.Ordinal));
        return $"git refuses this folder (owner): another user owns it. If it is yours to work in: {named ?? $"{Advice} {folder}"}";
    }

    /// <summary>Why git refuses a folder; <see langword="null"/> where it does not, or there is no git.</summary>
    public static async Task<string?> FindRefusalAsync(string folder, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!MayBeRefused(folder))
        {
            return null;
        }

        try
        {
            var (_, why, absence) = await GitRepository.FindAsync(folder, time, cancellationToken);
            return absence == GitAbsence.Refused ? why : null;
        }
        catch (GitException)
        {
            // Whoever needs an answer says what is wrong with git.
            return null;
        }
    }

    private static bool MayBeRefused(string folder)
    {
        if (GitFolder.TopOf(folder) is not { } top || SpecialFile.Owner("/proc/self") is not { } user)
        {
            return false;
        }

        return SpecialFile.Owner(top) != user || SpecialFile.Owner(Path.Combine(top, ".git")) != user;
    }
}
