using System.Globalization;
using System.Text;
using LoopOrchestrator.Mcp.Bootstrap;

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

    /// <summary>
    /// Opens what a person types there; <see langword="null"/> where nobody does. Not opened unless something is asked: that alone changes
    /// how the terminal behaves.
    /// </summary>
    public Func<TextReader>? Answers { get; init; }

    /// <summary>
    /// How large it is at this moment; <see langword="null"/> where it is no terminal that can draw over what it has shown.
    /// </summary>
    public Func<ScreenSize>? Screen { get; init; }

    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <summary>The columns of a line of what is printed to; <see langword="null"/> where lines are as long as they are.</summary>
    public static int? WidthOf(TextWriter output) => (output as TerminalWriter)?.Width;

    /// <summary>How large the terminal is that is printed to; <see langword="null"/> where nothing can be drawn over.</summary>
    public static Func<ScreenSize>? ScreenOf(TextWriter output) => (output as TerminalWriter)?.Screen;

    /// <summary>What the person types who reads what is printed to; <see langword="null"/> where nobody is there to answer.</summary>
    public static TextReader? AnswersOf(TextWriter output) => (output as TerminalWriter)?.Answers?.Invoke();

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
