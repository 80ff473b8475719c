using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LoopOrchestrator.Mcp.Configuration;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tools.Calls;

/// <summary>
/// The text of an answer as people and models read it: lines instead of JSON, letters of every script and signs as they are, and a brief as
/// the Markdown that it is, in a block of its own behind the rest. Many clients hand exactly this text on. The structured content stays
/// whole.
/// </summary>
internal static class ReadableAnswer
{
    // Members whose text stands in a block of its own: what a line of it begins with matters.
    private static readonly string[] Whole = ["brief", "file_text"];

    private static readonly JsonSerializerOptions Relaxed = new(McpJsonUtilities.DefaultOptions)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The same answer with such a text.</summary>
    public static CallToolResult Of(CallToolResult result)
    {
        if (
            result.IsError is true
            || result.StructuredContent is not { ValueKind: JsonValueKind.Object } content
            || JsonObject.Create(content) is not { } answer
            || result.Content is not [TextContentBlock, ..]
        )
        {
            return result;
        }

        string? whole = null;
        var name = Array.Find(Whole, answer.ContainsKey);
        if (name is not null && answer[name] is JsonValue value && value.TryGetValue(out whole))
        {
            answer.Remove(name);
            whole = name == Whole[0] ? whole : PlainText.Lines(whole);
        }

        List<ContentBlock> blocks = [new TextContentBlock { Text = PlainText.Of(answer) }, .. result.Content.Skip(1)];
        if (!string.IsNullOrEmpty(whole))
        {
            blocks.Add(new TextContentBlock { Text = whole });
        }

        result.Content = blocks;
        return result;
    }

    /// <summary>A document in one line, with as few escapes as JSON allows.</summary>
    internal static string Write(JsonNode answer) => WithCharacters(answer.ToJsonString(Relaxed));

    // The encoder escapes spaces of other scripts (U+3000, U+00A0), and what lies beyond the first 65,536 characters (emoji, rare
    // ideographs) as two halves, though nothing asks for it.
    private static string WithCharacters(string json)
    {
        if (!json.Contains("\\u", StringComparison.Ordinal))
        {
            return json;
        }

        var text = new StringBuilder(json.Length);
        for (var index = 0; index < json.Length; index++)
        {
            if (json[index] != '\\')
            {
                text.Append(json[index]);
            }
            else if (
                Escaped(json, index) is { } high
                && char.IsHighSurrogate(high)
                && Escaped(json, index + 6) is { } low
                && char.IsLowSurrogate(low)
            )
            {
                text.Append(high).Append(low);
                index += 11;
            }
            else if (Escaped(json, index) is { } character && IsReadable(character))
            {
                text.Append(character);
                index += 5;
            }
            else
            {
                text.Append(json, index, 2);
                index++;
            }
        }

        return text.ToString();
    }

    // What JSON asks to be escaped stays so, and with it what steers a terminal, ends a line, turns the direction of writing round, or is
    // half a character.
    private static bool IsReadable(char character) =>
        character is not ('"' or '\\') && !char.IsSurrogate(character) && SafeText.Escape(character.ToString()).Length == 1;

    private static char? Escaped(string json, int index) =>
        index + 6 <= json.Length
        && json[index] == '\\'
        && json[index + 1] == 'u'
        && ushort.TryParse(json.AsSpan(index + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? (char)value
            : null;
}
