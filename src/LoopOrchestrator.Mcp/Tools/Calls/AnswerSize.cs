namespace LoopOrchestrator.Mcp.Tools.Calls;

/// <summary>How many bytes an answer has.</summary>
/// <param name="Json">As structured content on the wire.</param>
/// <param name="Text">As lines.</param>
internal sealed record AnswerSize(int Json, int Text)
{
    /// <summary>What a limit is compared with.</summary>
    public int Largest => Math.Max(Json, Text);

    public static AnswerSize operator -(AnswerSize left, AnswerSize right) => new(left.Json - right.Json, left.Text - right.Text);
}
