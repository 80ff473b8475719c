namespace LoopOrchestrator.Core.Timing.Rows;

/// <summary>All that reading a time log on from a line needs to know of the lines before it.</summary>
/// <param name="Line">The number of the line read last, within its file.</param>
/// <param name="Headers">Lines that name the columns, so far.</param>
/// <param name="BlankLines">Lines without content, so far.</param>
/// <param name="Repaired">Rows read by a fall-back rule, so far.</param>
/// <param name="NotUnderstood">Rows that could not be read, so far.</param>
/// <param name="Header">The header in force as it stands in the file; <see langword="null"/> while there was none.</param>
/// <param name="SawContent">Whether any line of the file had content.</param>
/// <param name="LinesBefore">Lines of the files before this one.</param>
internal sealed record TimingLinesState(
    int Line,
    int Headers,
    int BlankLines,
    int Repaired,
    int NotUnderstood,
    string? Header,
    bool SawContent,
    int LinesBefore = 0
)
{
    /// <summary>Lines of all files, so far.</summary>
    public int AllLines => LinesBefore + Line;

    /// <summary>Before the first line.</summary>
    public static TimingLinesState Start { get; } = new(0, 0, 0, 0, 0, null, SawContent: false);
}
