using LoopOrchestrator.Core.Clients;
using LoopOrchestrator.Mcp.Clients;

namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>What <c>install --json</c> and <c>uninstall --json</c> print.</summary>
/// <param name="Client">The client.</param>
/// <param name="Scope"><c>user</c> or <c>project</c>.</param>
/// <param name="DryRun">Whether nothing was changed because only the plan was asked for.</param>
/// <param name="Files">What became of its files, or would.</param>
/// <param name="Server">What the entry says; none for <c>uninstall</c>.</param>
/// <param name="Check">What came of starting it; none where it was not started.</param>
/// <param name="Notes">What its user should know.</param>
internal sealed record ClientAnswer(
    string Client,
    string Scope,
    bool DryRun,
    IReadOnlyList<ClientAnswer.ChangedFile> Files,
    ClientAnswer.Entry? Server,
    ClientAnswer.CheckAnswer? Check,
    IReadOnlyList<string> Notes
)
{
    public static ClientAnswer From(
        string client,
        string scope,
        bool isDry,
        ClientPlan plan,
        ClientServer? server,
        ServerCheckResult? check
    ) =>
        new(
            client,
            scope,
            isDry,
            [.. plan.Changes.Select(static one => new ChangedFile(one.Path, one.Target, one.Action, one.Backup, one.Difference))],
            server is null ? null : new Entry(server.Command, server.Environment, server.Url, server.TokenVariable),
            check is null ? null : new CheckAnswer(check.Problem is null, check.FirstAnswer?.TotalMilliseconds, check.Tools, check.Problem),
            plan.Notes
        );

    /// <summary>A file.</summary>
    /// <param name="File">Its path.</param>
    /// <param name="Target">Where it really is, where a link leads there.</param>
    /// <param name="Action"><c>create</c>, <c>change</c>, <c>restore</c>, <c>remove</c> or <c>keep</c>.</param>
    /// <param name="Backup">Where the bytes are that were replaced.</param>
    /// <param name="Difference">What differs, as lines.</param>
    internal sealed record ChangedFile(string File, string? Target, string Action, string? Backup, IReadOnlyList<string> Difference);

    /// <summary>The entry.</summary>
    internal sealed record Entry(
        IReadOnlyList<string> Command,
        IReadOnlyDictionary<string, string> Environment,
        string? Url,
        string? TokenVariable
    );

    /// <summary>A start of the server.</summary>
    internal sealed record CheckAnswer(bool Ok, double? FirstAnswerMs, int Tools, string? Problem);
}
