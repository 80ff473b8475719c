namespace LoopOrchestrator.Mcp.Tools.Calls;

/// <summary>What the argument <c>request_id</c> is for, in one place for all tools and commands that have it.</summary>
internal static class RequestIdText
{
    /// <summary>For a tool that starts a run.</summary>
    public const string OfRun =
        "A new UUID for each call. The same call again starts nothing: you get the run as it is, a hand-off with brief and token.";

    /// <summary>For any other tool.</summary>
    public const string Short = "A new UUID for each call; the same call again does nothing twice.";

    /// <summary>For commands.</summary>
    public const string OfCommand =
        "An id of your own for this call, such as a UUID. The same call again with it does nothing twice, and prints the first answer.";
}
