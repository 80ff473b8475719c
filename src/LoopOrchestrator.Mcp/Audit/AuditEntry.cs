namespace LoopOrchestrator.Mcp.Audit;

/// <summary>A line of the audit log. It never holds what was said or answered.</summary>
/// <param name="Time">When it was over.</param>
/// <param name="Who">The name of the token; <c>local</c> where none was needed, <c>unknown</c> where none was shown.</param>
/// <param name="TokenId">The token's id: another one of the same name has another.</param>
/// <param name="Address">Where it came from, without the port.</param>
/// <param name="What">The name of a tool, or the method and path of a request that was refused.</param>
/// <param name="Ids">The names of what it was about, from the arguments and the answer: runs, schedules, modes.</param>
/// <param name="Outcome"><c>ok</c>, <c>error</c>, <c>refused</c>, <c>input_required</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Status">The HTTP status of a request that was refused.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="LeftOut">How many lines before it are missing, because they came faster than they are kept.</param>
internal sealed record AuditEntry(
    DateTimeOffset Time,
    string Who,
    string? TokenId,
    string? Address,
    string What,
    IReadOnlyDictionary<string, string>? Ids,
    string Outcome,
    int? Status,
    long? Milliseconds,
    long? LeftOut = null
);
