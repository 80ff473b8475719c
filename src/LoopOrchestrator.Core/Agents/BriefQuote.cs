namespace LoopOrchestrator.Core.Agents;

/// <summary>
/// Quotes text in a brief as Markdown does: a mark before every line, so that no line of it can be taken for one of the brief's own.
/// </summary>
internal static class BriefQuote
{
    private const string Mark = "> ";

    /// <summary>A text of several lines, with a line end behind it.</summary>
    public static string Lines(string text) => $"{Mark}{Plain(text.Trim(), "\n" + Mark)}\n";

    /// <summary>
    /// An entry of a list, with a line end behind it. Its further lines are indented, so that none can be taken for an entry.
    /// </summary>
    public static string Entry(string text) => $"{Mark}- {Plain(text.Trim(), "\n" + Mark + "  ")}\n";

    /// <summary>A text that stands within a line of ours.</summary>
    public static string InLine(string text) => Plain(text.Trim(), " ");

    // Whatever somebody could take for the end of a line; .NET leaves the vertical tab out.
    private static string Plain(string text, string lineEnd) => text.Replace('\v', '\n').ReplaceLineEndings(lineEnd);
}
