using System.Globalization;
using System.Text;

namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>
/// What a command prints to, where that has a width: a terminal, or whatever a person has given one. What it prints to without one, as a
/// pipe is, gets whole values.
/// </summary>
/// <param name="inner">Where the text goes.</param>
/// <param name="width">How many columns a line has.</param>
/// <param name="hasColour">Whether it shows colours.</param>
internal sealed class TerminalWriter(TextWriter inner, int width, bool hasColour) : TextWriter(CultureInfo.InvariantCulture)
{
    /// <summary>How many columns a line has.</summary>
    public int Width => width;

    /// <summary>Whether it shows colours.</summary>
    public bool HasColour => hasColour;

    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <summary>The columns of a line of what is printed to; <see langword="null"/> where lines are as long as they are.</summary>
    public static int? WidthOf(TextWriter output) => (output as TerminalWriter)?.Width;

    /// <inheritdoc/>
    public override void Write(char value) => inner.Write(value);

    /// <inheritdoc/>
    public override void Write(string? value) => inner.Write(value);

    /// <inheritdoc/>
    public override void WriteLine(string? value) => inner.WriteLine(value);

    /// <inheritdoc/>
    public override Task WriteLineAsync(string? value) => inner.WriteLineAsync(value);

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();
}
