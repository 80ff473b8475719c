using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tests.Tools;

/// <summary>
/// Makes definitions of what the SDK derives from the methods. Every client sends the list of tools with each of its requests to a
/// model, so it has to be short; and some refuse types that are a list. An optional argument is simply one that is not required.
/// </summary>
internal static class ToolSchemas
{
    /// <summary>
    /// The longest text in a list of texts, where an argument is one: each becomes an entry of the memory, which has a limit in bytes.
    /// </summary>
    private const int MaxItemLength = 2000;

    /// <summary>The most items of a list, where an argument is one.</summary>
    private const int MaxItems = 50;

    /// <summary>The most members of an answer of which the list says which are always there.</summary>
    private const int MaxMembersWithRequired = 12;

    /// <summary>The definition of a tool, finished.</summary>
    public static Tool Finish(Tool tool)
    {
        tool.InputSchema = FinishInput(tool.InputSchema);
        if (tool.OutputSchema is { } output)
        {
            tool.OutputSchema = FinishOutput(output);
        }

        // It says the same as the tool's own title, which newer clients read; older ones fall back to the name.
        if (tool.Annotations is { } annotations)
        {
            annotations.Title = null;
        }

        return tool;
    }

    /// <summary>Input: one type for each argument, and limits for lists and their texts.</summary>
    private static JsonElement FinishInput(JsonElement schema)
    {
        var root = JsonNode.Parse(schema.GetRawText())!.AsObject();
        foreach (var property in Properties(root))
        {
            DropNull(property);
            if (property["default"] is null)
            {
                property.Remove("default");
            }

            if (property["items"] is JsonObject items)
            {
                DropNull(items);
                property["maxItems"] ??= MaxItems;
                if ((string?)items["type"] == "string")
                {
                    items["minLength"] ??= 1;
                    items["maxLength"] ??= MaxItemLength;
                }
            }
        }

        return Element(root);
    }

    /// <summary>
    /// Output: the names and types of the first level, without prose. What may be null is left out of an answer, so it cannot be
    /// required: clients check answers against this schema. A long answer is looked at for what it holds, and the list of what is always
    /// in it would be as long as that of many a tool's arguments: it has none.
    /// </summary>
    private static JsonElement FinishOutput(JsonElement schema)
    {
        var root = JsonNode.Parse(schema.GetRawText())!.AsObject();
        var optional = Properties(root, out var names)
            .Zip(names)
            .Where(static pair => DropNull(pair.First))
            .Select(static pair => pair.Second)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var property in Properties(root))
        {
            property.Remove("description");
            property.Remove("format");
            property.Remove("items");
            Flatten(property);
        }

        if (names.Count() > MaxMembersWithRequired)
        {
            root.Remove("required");
        }
        else if (root["required"] is JsonArray required)
        {
            root["required"] = new JsonArray([
                .. required
                    .Select(static name => (string)name!)
                    .Where(name => !optional.Contains(name))
                    .Select(static name => (JsonNode)name),
            ]);
        }

        return Element(root);
    }

    private static void Flatten(JsonObject node)
    {
        if (node["properties"] is not null || node["$ref"] is not null)
        {
            node.Clear();
            node["type"] = "object";
        }
    }

    private static bool DropNull(JsonObject node)
    {
        if (node["type"] is not JsonArray types)
        {
            return false;
        }

        var others = types.Select(static type => (string)type!).Where(static type => type != "null").ToList();
        if (others is [var single])
        {
            node["type"] = single;
        }

        return others.Count < types.Count;
    }

    private static IEnumerable<JsonObject> Properties(JsonObject root) => Properties(root, out _);

    private static IEnumerable<JsonObject> Properties(JsonObject root, out IEnumerable<string> names)
    {
        var members = root["properties"] is JsonObject properties
            ? properties.Where(static member => member.Value is JsonObject).ToList()
            : [];
        names = members.Select(static member => member.Key);
        return members.Select(static member => member.Value!.AsObject());
    }

    private static JsonElement Element(JsonObject node)
    {
        using var document = JsonDocument.Parse(node.ToJsonString());
        return document.RootElement.Clone();
    }
}
