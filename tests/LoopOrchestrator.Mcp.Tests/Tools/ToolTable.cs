using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace LoopOrchestrator.Mcp.Tests.Tools;

/// <summary>The table of tools in MCP_SERVER_README.md, made from what the server lists.</summary>
internal static class ToolTable
{
    public const string Document = "MCP_SERVER_README.md";
    public const string Begin = "<!-- tools: made by tools/snapshots, not by hand -->";
    public const string End = "<!-- end of tools -->";

    /// <summary>A row for each tool, by toolset, with an empty line before and behind the table.</summary>
    public static string Make(IReadOnlyList<(string Toolset, IReadOnlyList<JsonObject> Tools)> toolsets)
    {
        var text = new StringBuilder("\n| tool | toolset | what it does | arguments |\n| --- | --- | --- | --- |\n");
        foreach (var (toolset, tools) in toolsets)
        {
            foreach (var tool in tools)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| `{tool["name"]}` | `{toolset}` | {Cell((string)tool["description"]!)} | {Arguments(tool["inputSchema"]!)} |\n"
                );
            }
        }

        return text.Append('\n').ToString();
    }

    private static string Arguments(JsonNode schema)
    {
        var required = schema["required"]?.AsArray().Select(static name => (string)name!).ToHashSet(StringComparer.Ordinal) ?? [];
        return schema["properties"] is JsonObject properties
            ? string.Join(
                ", ",
                properties.Select(property => $"`{property.Key}{(required.Contains(property.Key) ? "" : "?")}`{Values(property.Value!)}")
            )
            : "";
    }

    private static string Values(JsonNode property)
    {
        var given = property["default"] is { } value && value.ToJsonString() != "false" ? $"default {Cell(value.ToJsonString())}" : null;
        var range =
            property["enum"] is JsonArray words ? string.Join(", ", words.Select(static word => $"`{word}`"))
            : property["minimum"] is { } least ? $"{least} to {property["maximum"]}"
            : null;
        var parts = string.Join("; ", new[] { range, given }.OfType<string>());
        return parts.Length == 0 ? "" : $" ({parts})";
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
