namespace LoopOrchestrator.Core.Commits;

/// <summary>One commit of a plan.</summary>
/// <param name="Type">Its conventional type.</param>
/// <param name="Scope">What it is about, if one word says it.</param>
/// <param name="Subject">The whole first line of its message, with type and scope; at most 72 characters unless the caller gave it.</param>
/// <param name="Files">Its files in the order of their paths, one at least.</param>
/// <param name="Why">Why these files are together.</param>
public sealed record CommitGroup(CommitType Type, string? Scope, string Subject, IReadOnlyList<ChangedFile> Files, string Why)
{
    /// <summary>What stands below the first line.</summary>
    public string Body { get; init; } = "";

    /// <summary>Whether these are the files that the loop itself writes to, also while a gate runs.</summary>
    public bool IsLive { get; init; }

    /// <summary>The whole message, as it is committed.</summary>
    public string Message => Body.Length == 0 ? $"{Subject}\n" : $"{Subject}\n\n{Body}\n";
}
