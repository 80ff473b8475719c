using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;

namespace LoopOrchestrator.Mcp.Tests.Contracts;

/// <summary>The tables of docs/configuration.md, made from the options of the program and the schemas of its files.</summary>
internal static class ConfigurationReference
{
    /// <summary>A row for each option of the server.</summary>
    public static string Options(Command root)
    {
        var text = new StringBuilder("\n| option | what it says |\n| --- | --- |\n");
        foreach (var option in root.Options.Where(static option => !option.Hidden && option.Name is not ("--help" or "--version")))
        {
            var value = option.HelpName is { } name ? $" {name}" : "";
            text.Append($"| `{Cell(option.Name + value)}` | {Cell(option.Description!)} |\n");
        }

        return text.Append('\n').ToString();
    }

    /// <summary>A row for each key that a schema knows, with those below it.</summary>
    public static string Keys(JsonNode schema)
    {
        var text = new StringBuilder("\n| key | values | default | what it says |\n| --- | --- | --- | --- |\n");
        AddBelow(text, schema, schema, "", []);
        return text.Append('\n').ToString();
    }

    private static void AddBelow(StringBuilder text, JsonNode root, JsonNode schema, string path, HashSet<string> above)
    {
        foreach (var (name, property) in schema["properties"]?.AsObject() ?? [])
        {
            if (name != "$schema" && property is JsonObject found)
            {
                Add(text, root, found, path.Length == 0 ? name : $"{path}.{name}", above);
            }
        }

        if (schema["additionalProperties"] is JsonObject others)
        {
            Add(text, root, others, path.Length == 0 ? "NAME" : $"{path}.NAME", above);
        }
    }

    private static void Add(StringBuilder text, JsonNode root, JsonObject property, string path, HashSet<string> above)
    {
        var shape = Resolve(root, property, out var reference);
        var item = shape["items"] is JsonObject items ? Resolve(root, items, out reference) : null;
        var description = (string?)property["description"] ?? (string?)shape["description"] ?? "";
        text.Append($"| `{path}` | {Cell(Values(root, shape, item))} | {Cell(Default(property, shape))} | {Cell(description)} |\n");

        // What holds itself is told once.
        if (reference is null || above.Add(reference))
        {
            AddBelow(text, root, item ?? shape, item is null ? path : $"{path}[]", above);
            foreach (var alternative in shape["oneOf"]?.AsArray().OfType<JsonObject>() ?? [])
            {
                AddBelow(text, root, Resolve(root, alternative, out _), path, above);
            }

            if (reference is not null)
            {
                above.Remove(reference);
            }
        }
    }

    private static JsonObject Resolve(JsonNode root, JsonObject schema, out string? reference)
    {
        reference = (string?)schema["$ref"];
        return reference is null ? schema : root["$defs"]![reference["#/$defs/".Length..]]!.AsObject();
    }

    private static string Values(JsonNode root, JsonObject shape, JsonObject? item) =>
        shape["enum"] is JsonArray words ? string.Join(", ", words.Select(static word => $"`{word}`"))
        : item is not null ? $"a list of {(item["enum"] is null ? Kind(item) + "s" : Values(root, item, null))}"
        : (shape["oneOf"] ?? shape["anyOf"]) is JsonArray several
            ? string.Join(
                " or ",
                several.OfType<JsonObject>().Select(one => Values(root, Resolve(root, one, out _), null)).Distinct(StringComparer.Ordinal)
            )
        : shape["const"] is { } only ? $"`{only}`"
        : Kind(shape) + Range(shape);

    private static string Kind(JsonObject shape) =>
        shape["type"] switch
        {
            JsonValue value when (string?)value is { } kind => kind switch
            {
                "integer" => "whole number",
                "boolean" => "`true` or `false`",
                "string" => "text",
                var other => other,
            },
            JsonArray kinds => string.Join(" or ", kinds.Select(static kind => (string?)kind == "string" ? "text" : (string?)kind)),
            _ => shape["properties"] is null && shape["additionalProperties"] is null ? "text" : "object",
        };

    private static string Range(JsonObject shape) =>
        (shape["minimum"], shape["maximum"]) switch
        {
            ({ } least, { } most) => $", {least} to {most}",
            ({ } least, null) => $", {least} or more",
            (null, { } most) => $", {most} at the most",
            _ => "",
        };

    private static string Default(JsonObject property, JsonObject shape) =>
        (property["default"] ?? shape["default"]) is { } value ? $"`{value.ToJsonString()}`" : "";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
