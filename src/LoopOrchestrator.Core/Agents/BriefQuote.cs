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

    // Whatever somebody could take for the end of a line; .NET leaves the vertical tab out. Other controls are left out: an argument ends
    // at a zero byte, and with it the task that stands behind the quote.
    private static string Plain(string text, string lineEnd) =>
        string.Concat(text.Replace('\v', '\n').Where(IsKept)).ReplaceLineEndings(lineEnd);

    private static bool IsKept(char letter) => letter is '\t' or '\n' or '\r' or '\f' or '\u0085' || !char.IsControl(letter);
}
