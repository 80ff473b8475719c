namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>Sentences over the lines that they need, broken between words.</summary>
internal static class TextWrap
{
    /// <summary>
    /// Writes a line; where what it is written to has a width and the line takes more, as several, those behind the first after so many
    /// spaces. A word that is wider alone is never broken: it may be a path, or a command to copy.
    /// </summary>
    public static void WriteWrapped(this TextWriter output, string line, int hanging)
    {
        if (TerminalWriter.WidthOf(output) is not { } width || TextWidth.Of(line) <= width)
        {
            output.WriteLine(line);
            return;
        }

        var start = line.Length - line.TrimStart().Length;
        var current = line[..start];
        var isEmpty = true;
        foreach (var word in line[start..].Split(' '))
        {
            var longer = isEmpty ? current + word : $"{current} {word}";
            if (!isEmpty && TextWidth.Of(longer) > width)
            {
                output.WriteLine(current.TrimEnd());
                current = new string(' ', hanging) + word;
            }
            else
            {
                current = longer;
            }

            isEmpty = false;
        }

        output.WriteLine(current.TrimEnd());
    }
}
