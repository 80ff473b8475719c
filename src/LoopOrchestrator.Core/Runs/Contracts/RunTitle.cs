using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>A task in one short line, for rows and lists.</summary>
public static class RunTitle
{
    private const int MaxLength = 160;

    /// <summary>The first line that says something, without Markdown's heading signs, cut to 160 characters.</summary>
    public static string Of(string task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var line = task.Split('\n').Select(static line => line.Trim().TrimStart('#').Trim()).FirstOrDefault(static line => line.Length > 0)
            ?? task.ReplaceLineEndings(" ").Trim();
        return line.Length <= MaxLength ? line : TextCut.Shorten(line, MaxLength - 1);
    }
}
