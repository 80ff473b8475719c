using LoopOrchestrator.Core.Git;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Integration;

/// <summary>Pushes a branch to the upstream that git has configured for it, by fast-forward only, as the user's own <c>git push</c> would, hooks included.</summary>
internal sealed class CommitPush(GitRepository repository, TimeProvider time)
{
    private const int Limit = 600;

    /// <summary>Pushes it.</summary>
    /// <param name="branch">The branch's full name; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Where to, or why it failed; exactly one of them.</returns>
    public async Task<(string? Where, string? Failure)> PushAsync(string? branch, CancellationToken cancellationToken = default)
    {
        const string heads = "refs/heads/";
        if (branch is null || !branch.StartsWith(heads, StringComparison.Ordinal))
        {
            return (null, "HEAD is on no branch");
        }

        var name = branch[heads.Length..];
        var remote = await repository.TryRunAsync(["config", "--get", $"branch.{name}.remote"], cancellationToken: cancellationToken);
        var merge = await repository.TryRunAsync(["config", "--get", $"branch.{name}.merge"], cancellationToken: cancellationToken);
        if (!remote.Ok || !merge.Ok)
        {
            return (null, $"branch {name} has no upstream; set one with 'git push --set-upstream REMOTE {name}'");
        }

        var command = new WorkflowCommand("git push", ["git", "push", "--porcelain", "--", remote.Text, $"{branch}:{merge.Text}"]) { TimeoutSeconds = Limit };
        var answer = await new GateCommands([command], repository.Folder, time).RunAsync(command, static variable => !IsForeign(variable), cancellationToken);
        return answer.Passed
            ? ($"{remote.Text} {(merge.Text.StartsWith(heads, StringComparison.Ordinal) ? merge.Text[heads.Length..] : merge.Text)}", null)
            : (null, answer.Output.Length == 0 ? answer.Why : $"{answer.Why}: {string.Join("; ", answer.Output.Split('\n').Where(static line => line.Trim().Length > 0).TakeLast(4))}");
    }

    // What would lead git to another repository.
    private static bool IsForeign(string variable) => variable is "GIT_DIR" or "GIT_WORK_TREE" or "GIT_INDEX_FILE" or "GIT_OBJECT_DIRECTORY" or "GIT_COMMON_DIR" or "GIT_NAMESPACE" or "LOOP_TRUST_WORKSPACE";
}
