using System.Text.Json;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Agents.Events;

/// <summary>Says in a few words what a tool was called with, and what it gave back.</summary>
internal static class ToolArguments
{
    private const int MaxLength = 300;

    // By these names the programs call what a person wants to know of a call.
    private static readonly string[] Telling =
    [
        "command",
        "commands",
        "cmd",
        "file_path",
        "filePath",
        "absolute_path",
        "path",
        "pattern",
        "query",
        "url",
        "description",
        "prompt",
        "task",
        "summary",
    ];

    /// <summary>The member that tells most; the whole as JSON where none is known.</summary>
    /// <param name="arguments">An object, or the JSON text of one; anything else is shown as it is.</param>
    public static string Of(JsonElement? arguments) =>
        arguments switch
        {
            null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => "",
            { ValueKind: JsonValueKind.String } text => Short(text.Text() ?? ""),
            { } value => Short(
                Telling.Select(name => ValueOf(value.At(name))).FirstOrDefault(static text => !string.IsNullOrWhiteSpace(text))
                    ?? value.GetRawText()
            ),
        };

    /// <summary>What a tool gave back: a text, or the texts in a list of parts.</summary>
    public static string Result(JsonElement? content) =>
        content switch
        {
            null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => "",
            { ValueKind: JsonValueKind.String } text => text.Text() ?? "",
            { ValueKind: JsonValueKind.Array } parts => string.Join(
                '\n',
                parts.EnumerateArray().Select(static part => TextOf(part) ?? "").Where(static text => text.Length > 0)
            ),
            { } other => other.GetRawText(),
        };

    // Of the lists seen, one has "text", the other "error" or else "result".
    private static string? TextOf(JsonElement part) => part.Text("text") ?? part.Text("error") ?? part.Text("result") ?? part.Text();

    private static string? ValueOf(JsonElement? value) =>
        value switch
        {
            { ValueKind: JsonValueKind.String } text => text.Text(),
            { ValueKind: JsonValueKind.Array } words => string.Join(' ', words.EnumerateArray().Select(static word => word.Text())),
            _ => null,
        };

    private static string Short(string text) =>
        TextCut.Shorten(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), MaxLength);
}
