using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Json;

namespace LoopOrchestrator.Core.Modes.Import;

/// <summary>Adds modes to a JSON text and replaces some; every byte around them stays.</summary>
internal static class JsonModesMerge
{
    private const string Key = "customModes";

    /// <inheritdoc cref="YamlModesMerge.Merge"/>
    /// <exception cref="UserErrorException">The text is no JSON object with a list of modes.</exception>
    public static byte[] Merge(
        ReadOnlyMemory<byte> content,
        string file,
        IReadOnlyList<string?> slugs,
        IReadOnlyList<Mode> added,
        IReadOnlyList<Mode> replaced
    )
    {
        var json = JsonText.Read(content, file, JsonDialect.WithComments);
        if (json.Root is not { Kind: JsonValueKind.Object } root)
        {
            throw new UserErrorException(
                $"{json.Problem?.ToString() ?? $"{file} is no JSON object"}. Nothing was imported; mend the file first."
            );
        }

        var list = root.Find(Key)?.Value;
        var newLine = content.Span.IndexOf("\r\n"u8) >= 0 ? "\r\n" : "\n";
        var edits = new List<(ByteSpan Span, string Text)>();
        if (list is { Kind: JsonValueKind.Array, Items.Length: > 0 })
        {
            foreach (var mode in replaced)
            {
                var index = slugs.ToList().IndexOf(mode.Slug);
                edits.Add(
                    (list.Items[index].Span, Write(mode, indented: true, Indent(content.Span, list.Items[index].Span.Start), newLine))
                );
            }

            var last = list.Items[^1].Span;
            var indent = Indent(content.Span, last.Start);
            edits.Add(
                (
                    new ByteSpan(last.End, last.End),
                    string.Concat(
                        added.Select(mode =>
                            indent is null
                                ? ", " + Write(mode, indented: false)
                                : $",{newLine}{indent}{Write(mode, indented: true, indent, newLine)}"
                        )
                    )
                )
            );
        }
        else if (added.Count > 0)
        {
            var entries = string.Join("," + newLine, added.Select(mode => "    " + Write(mode, indented: true, "    ", newLine)));
            var array = $"[{newLine}{entries}{newLine}  ]";
            if (list is not null)
            {
                edits.Add((list.Span, array));
            }
            else
            {
                var at = root.Members.Length == 0 ? root.Span.Start + 1 : root.Members[^1].Value.Span.End;
                edits.Add(
                    (
                        new ByteSpan(at, at),
                        $"{(root.Members.Length == 0 ? "" : ",")}{newLine}  \"{Key}\": {array}{(root.Members.Length == 0 ? newLine : "")}"
                    )
                );
            }
        }

        return Apply(content.Span, edits);
    }

    /// <summary>One mode as a JSON object.</summary>
    /// <param name="mode">The mode.</param>
    /// <param name="indented">Whether on many lines.</param>
    /// <param name="indent">What the lines after the first begin with.</param>
    /// <param name="newLine">What ends a line.</param>
    public static string Write(Mode mode, bool indented, string? indent = null, string newLine = "\n")
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (
            var writer = new Utf8JsonWriter(
                buffer,
                new JsonWriterOptions
                {
                    Indented = indented,
                    NewLine = "\n",
                    Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                }
            )
        )
        {
            writer.WriteStartObject();
            WriteText(writer, "slug", mode.Slug);
            WriteText(writer, "name", mode.Name);
            WriteText(writer, "description", mode.Description);
            WriteText(writer, "roleDefinition", mode.RoleDefinition);
            WriteText(writer, "whenToUse", mode.WhenToUse);
            WriteText(writer, "customInstructions", mode.CustomInstructions);
            writer.WriteStartArray("groups");
            foreach (var group in mode.Groups)
            {
                if (string.IsNullOrEmpty(group.FileRegex) && string.IsNullOrEmpty(group.Description))
                {
                    writer.WriteStringValue(group.Name);
                    continue;
                }

                writer.WriteStartArray();
                writer.WriteStringValue(group.Name);
                writer.WriteStartObject();
                WriteText(writer, "fileRegex", group.FileRegex);
                WriteText(writer, "description", group.Description);
                writer.WriteEndObject();
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        // Roo makes plain quotes of these before it reads the file, and one of those would end the text that it stands in.
        return Encoding
            .UTF8.GetString(buffer.WrittenSpan)
            .Replace("\u2018", "\\u2018", StringComparison.Ordinal)
            .Replace("\u2019", "\\u2019", StringComparison.Ordinal)
            .Replace("\u201C", "\\u201C", StringComparison.Ordinal)
            .Replace("\u201D", "\\u201D", StringComparison.Ordinal)
            .Replace("\n", newLine + indent, StringComparison.Ordinal);
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            writer.WriteString(name, value);
        }
    }

    // The white space before something that is the first on its line; null where it is not.
    private static string? Indent(ReadOnlySpan<byte> content, int start)
    {
        var line = content[..start].LastIndexOf((byte)'\n') + 1;
        var before = Encoding.UTF8.GetString(content[line..start]);
        return line > 0 && string.IsNullOrWhiteSpace(before) ? before : null;
    }

    private static byte[] Apply(ReadOnlySpan<byte> content, List<(ByteSpan Span, string Text)> edits)
    {
        var result = new ArrayBufferWriter<byte>();
        var position = 0;
        foreach (var (span, text) in edits.OrderBy(static edit => edit.Span.Start))
        {
            result.Write(content[position..span.Start]);
            result.Write(Encoding.UTF8.GetBytes(text));
            position = span.End;
        }

        result.Write(content[position..]);
        return result.WrittenSpan.ToArray();
    }
}
