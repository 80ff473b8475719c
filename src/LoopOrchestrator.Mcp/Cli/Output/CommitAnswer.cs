using System.Text.Json;
using LoopOrchestrator.Core.Commits;

namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>What <c>commit --json</c> prints.</summary>
/// <param name="Commits">The commits of the plan in their order; those that were made have an id.</param>
/// <param name="LeftOut">Changed files in no commit.</param>
internal sealed record CommitAnswer(IReadOnlyList<CommitAnswer.Commit> Commits, IReadOnlyList<CommitAnswer.File> LeftOut)
{
    /// <summary>The branch; only where commits were asked for.</summary>
    public string? Branch { get; init; }

    /// <summary>Why it went no further.</summary>
    public string? Stopped { get; init; }

    /// <summary>What the gate that stopped it printed last.</summary>
    public string? Output { get; init; }

    /// <summary>Where it was pushed to.</summary>
    public string? Pushed { get; init; }

    /// <summary>Why the push failed.</summary>
    public string? PushFailure { get; init; }

    public static CommitAnswer From(CommitPlan plan) =>
        new(
            [.. plan.Groups.Select(static group => Of(group, id: null))],
            [
                .. plan.LeftOut.Select(static file => new File(
                    file.Path,
                    JsonNamingPolicy.SnakeCaseLower.ConvertName(file.Reason.ToString()),
                    file.Detail
                )),
            ]
        );

    public static CommitAnswer From(CommitResult result)
    {
        var ids = result.Made.ToDictionary(static made => made.Group, static made => made.Id);
        return From(result.Plan) with
        {
            Commits = [.. result.Plan.Groups.Select(group => Of(group, ids.GetValueOrDefault(group)))],
            Branch = result.Branch,
            Stopped = result.Stopped,
            Output = result.Output.Length == 0 ? null : result.Output,
            Pushed = result.Pushed,
            PushFailure = result.PushFailure,
        };
    }

    private static Commit Of(CommitGroup group, string? id) =>
        new(
            id,
            group.Type.ToString().ToLowerInvariant(),
            group.Scope,
            group.Subject,
            group.Body,
            group.Why,
            [.. group.Files.Select(static file => file.Path)]
        );

    /// <summary>A commit.</summary>
    internal sealed record Commit(
        string? Id,
        string Type,
        string? Scope,
        string Subject,
        string Body,
        string Why,
        IReadOnlyList<string> Files
    );

    /// <summary>A file that is left out.</summary>
    internal sealed record File(string Path, string Reason, string Detail);
}
