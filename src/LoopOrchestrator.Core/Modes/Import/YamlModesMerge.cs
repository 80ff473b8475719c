using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Modes.Import;

/// <summary>Adds modes to a YAML text and replaces some, in the text's own indentation.</summary>
internal static class YamlModesMerge
{
    /// <param name="text">A text that reads as YAML; may hold no mode yet.</param>
    /// <param name="slugs">The slugs of its entries, in their order.</param>
    /// <param name="added">The modes to add.</param>
    /// <param name="replaced">The modes whose entries are to be replaced.</param>
    public static string Merge(string text, IReadOnlyList<string?> slugs, IReadOnlyList<Mode> added, IReadOnlyList<Mode> replaced)
    {
        var layout = new YamlModesLayout(text);
        if (layout.IsAlias)
        {
            throw new UserErrorException(
                "The list of modes is an alias of another part of the file, which would change with it. Write the list "
                    + "itself under 'customModes:'; nothing was changed."
            );
        }

        var edits = new List<TextEdit>();
        if (layout.IsFlow && layout.Items.Count > 0)
        {
            if (replaced.Count > 0)
            {
                throw new UserErrorException(
                    "The list of modes stands in brackets on shared lines, where an entry cannot be replaced without "
                        + "touching others. Replace it by hand, or write the list with one '- slug:' for each mode."
                );
            }

            var bracket = text.LastIndexOf(']', layout.ValueEnd - 1);
            var comma = text.AsSpan(0, bracket).TrimEnd().EndsWith(",") ? "" : ", ";
            return TextEdit.Apply(
                text,
                [new(bracket, bracket, comma + string.Join(", ", added.Select(static mode => JsonModesMerge.Write(mode, indented: false))))]
            );
        }

        foreach (var mode in replaced)
        {
            for (var index = 0; index < layout.Items.Count; index++)
            {
                if (slugs[index] == mode.Slug)
                {
                    var (start, end) = layout.Item(index);
                    edits.Add(new(start, end, Block(mode, layout.DashColumn)));
                    break;
                }
            }
        }

        if (added.Count > 0)
        {
            if (layout.HasKey && layout.Items.Count == 0 && layout.ValueEnd > layout.ValueStart)
            {
                // '[]', '~' or 'null': the list begins on the next line instead.
                edits.Add(new(layout.ValueStart, layout.ValueEnd, ""));
            }

            var end = layout.HasKey ? layout.End : text.Length;
            var lineEnd =
                end > 0 && text[end - 1] != '\n' && !edits.Exists(edit => edit.End == end && edit.Text.EndsWith('\n')) ? "\n" : "";
            edits.Add(
                new(
                    end,
                    end,
                    $"{lineEnd}{(layout.HasKey ? "" : "customModes:\n")}"
                        + $"{string.Concat(added.Select(mode => Block(mode, layout.HasKey ? layout.DashColumn : 2)))}"
                )
            );
        }

        var isWindows = text.IndexOf('\n', StringComparison.Ordinal) is > 0 and var feed && text[feed - 1] == '\r';
        return TextEdit.Apply(
            text,
            isWindows ? edits.Select(static edit => edit with { Text = edit.Text.Replace("\n", "\r\n", StringComparison.Ordinal) }) : edits
        );
    }

    private static string Block(Mode mode, int indent)
    {
        const int WrittenIndent = 2;
        var lines = RooModesWriter.Write([mode]).Split('\n').Skip(1);
        return string.Join('\n', lines.Select(line => line.Length == 0 ? line : new string(' ', indent) + line[WrittenIndent..]));
    }
}
