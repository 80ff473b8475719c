using System.Text;
using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Core.Modes;

/// <summary>From a file's bytes to text, and what Roo did to text that a word processor or a chat window had spoilt.</summary>
internal static class RooModesText
{
    /// <summary>Decodes <paramref name="bytes"/>; <see langword="null"/>, with a finding, when they are no text at all.</summary>
    public static string? Decode(ReadOnlySpan<byte> bytes, string file, List<Diagnostic> diagnostics)
    {
        string text;
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            text = (bytes[0] == 0xFF ? Encoding.Unicode : Encoding.BigEndianUnicode).GetString(bytes[2..]);
            diagnostics.Add(
                new(
                    DiagnosticSeverity.Warning,
                    file,
                    null,
                    null,
                    "The file is UTF-16. Save it as UTF-8, because other readers expect that."
                )
            );
        }
        else
        {
            // The signature is allowed in UTF-8 and says nothing, so it is dropped without a word.
            var start = bytes is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
            text = Encoding.UTF8.GetString(bytes[start..]);
            if (!System.Text.Unicode.Utf8.IsValid(bytes))
            {
                var (line, column) = Place(text, text.IndexOf('\uFFFD', StringComparison.Ordinal));
                diagnostics.Add(
                    new(
                        DiagnosticSeverity.Warning,
                        file,
                        line,
                        column,
                        "The file is not valid UTF-8 here; what could not be decoded was read as U+FFFD. Save the file as UTF-8."
                    )
                );
            }
        }

        // The YAML scanner takes NUL for the end of its input and would silently read half a file.
        var nul = text.IndexOf('\0', StringComparison.Ordinal);
        if (nul < 0)
        {
            return text;
        }

        var (nulLine, nulColumn) = Place(text, nul);
        diagnostics.Add(
            new(
                DiagnosticSeverity.Error,
                file,
                nulLine,
                nulColumn,
                "There is a NUL character here, so this is not a text file, or one in an encoding other than UTF-8. No "
                    + "mode of it is in force. Save it as UTF-8 text."
            )
        );
        return null;
    }

    /// <summary>The text as Roo cleans every file before it reads it, typographic quotes in prose included.</summary>
    public static string CleanedByRoo(string text) =>
        string.Create(
            text.Length - text.Count(static character => character is '\u200B' or '\u200C' or '\u200D'),
            text,
            static (span, text) =>
            {
                var at = 0;
                foreach (var character in text.Where(static character => character is not ('\u200B' or '\u200C' or '\u200D')))
                {
                    span[at++] = character switch
                    {
                        '\u00A0' => ' ',
                        '\u2018' or '\u2019' => '\'',
                        '\u201C' or '\u201D' => '"',
                        (>= '\u2010' and <= '\u2015') or '\u2212' => '-',
                        _ => character,
                    };
                }
            }
        );

    /// <summary>
    /// Milder to stronger cleanings of <paramref name="text"/> with what each did, for a text that cannot be read as it is.
    /// Typographic quotes and dashes are touched last, because most of them are meant and stand in prose.
    /// </summary>
    public static IEnumerable<(string Text, string What)> Cleaned(string text)
    {
        var spaces = Replace(text, typography: false);
        if (!string.Equals(spaces, text, StringComparison.Ordinal))
        {
            yield return (spaces, "non-breaking spaces were replaced with spaces and invisible characters were removed");
        }

        var all = Replace(spaces, typography: true);
        if (!string.Equals(all, spaces, StringComparison.Ordinal))
        {
            yield return (all, "typographic quotes and dashes (and invisible characters) were replaced with plain ones");
        }
    }

    private static string Replace(string text, bool typography)
    {
        var result = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            switch (character)
            {
                case '\u00A0':
                    result.Append(' ');
                    break;
                case '\uFEFF' or '\u200B' or '\u200C' or '\u200D' or '\u2060':
                    break;
                case '\u2018' or '\u2019' when typography:
                    result.Append('\'');
                    break;
                case '\u201C' or '\u201D' when typography:
                    result.Append('"');
                    break;
                case (>= '\u2010' and <= '\u2015') or '\u2212' when typography:
                    result.Append('-');
                    break;
                default:
                    result.Append(character);
                    break;
            }
        }

        return result.ToString();
    }

    private static (int? Line, int? Column) Place(string text, int index)
    {
        if (index < 0)
        {
            return (null, null);
        }

        var before = text.AsSpan(0, index);
        return (before.Count('\n') + 1, index - before.LastIndexOf('\n'));
    }
}
