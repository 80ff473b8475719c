using System.Text;
using LoopOrchestrator.Core.Git;
using LoopOrchestrator.Core.Secrets;

namespace LoopOrchestrator.Core.Commits;

/// <summary>
/// Pushes a branch to the upstream that git has configured for it, by fast-forward only. No hook runs: where the repository has one for
/// pushes, nothing is pushed.
/// </summary>
internal sealed class CommitPush(GitRepository repository, Redactor redactor)
{
    private const string Heads = "refs/heads/";
    private const int MaxLines = 4;

    /// <summary>Pushes it.</summary>
    /// <param name="branch">The branch's full name; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Where to, or why it failed; exactly one of them.</returns>
    public async Task<(string? Where, string? Failure)> PushAsync(string? branch, CancellationToken cancellationToken = default)
    {
        if (branch is null || !branch.StartsWith(Heads, StringComparison.Ordinal))
        {
            return (null, "HEAD is on no branch");
        }

        try
        {
            return await PushAsync(branch, branch[Heads.Length..], cancellationToken);
        }
        catch (GitException exception)
        {
            return (null, exception.Message);
        }
    }

    private async Task<(string? Where, string? Failure)> PushAsync(string branch, string name, CancellationToken cancellationToken)
    {
        var remote = await repository.TryRunAsync(["config", "--get", $"branch.{name}.remote"], cancellationToken: cancellationToken);
        var merge = await repository.TryRunAsync(["config", "--get", $"branch.{name}.merge"], cancellationToken: cancellationToken);
        if (!remote.Ok || !merge.Ok)
        {
            return (null, $"branch {name} has no upstream; set one with 'git push --set-upstream REMOTE {name}'");
        }

        if (await GitPushCheck.WhyNotAsync(repository, remote.Text, cancellationToken) is { } why)
        {
            return (null, why);
        }

        var answer = await repository.PushAsync(["--porcelain", "--", remote.Text, $"{branch}:{merge.Text}"], cancellationToken);
        return answer.Ok
            ? ($"{remote.Text} {(merge.Text.StartsWith(Heads, StringComparison.Ordinal) ? merge.Text[Heads.Length..] : merge.Text)}", null)
            : (null, $"git push ended with exit code {answer.ExitCode}{Tail(answer)}");
    }

    private string Tail(GitResult answer)
    {
        var output = redactor.Redact(Encoding.UTF8.GetString(answer.Output) + answer.Error);
        var lines = output.Split('\n').Where(static line => line.Trim().Length > 0).TakeLast(MaxLines).ToList();
        return lines.Count == 0 ? "" : $": {string.Join("; ", lines)}";
    }
}
