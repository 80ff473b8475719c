namespace LoopOrchestrator.Mcp.Tools.Calls;

/// <summary>Members of a tool's <c>_meta</c> that certain clients read; others pass over them.</summary>
internal static class ToolMeta
{
    /// <summary>
    /// Claude Code gives a model the names of tools alone, and what they are only when it searches for one. With this, seen on 2.1.332, the
    /// tool is there from the start: for the few without which no work goes on.
    /// </summary>
    public const string AlwaysLoad = "anthropic/alwaysLoad";

    /// <summary>
    /// From about 45,000 characters on Claude Code puts an answer into a file and shows its beginning, unless the tool says that it may be
    /// longer.
    /// </summary>
    public const string MaxResultSize = "anthropic/maxResultSizeChars";

    /// <summary>As long as an answer may become; see <see cref="AnswerLimits.MaxBytes"/>.</summary>
    public const double LongResult = 200_000;
}
