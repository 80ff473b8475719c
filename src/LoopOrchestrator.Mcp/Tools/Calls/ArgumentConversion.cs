using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LoopOrchestrator.Mcp.Tools.Calls;

/// <summary>
/// Converts arguments that have the right value in the wrong JSON type: several clients send numbers, truth values and lists as texts, and
/// a model that is refused repeats the call, for it is its client that does it. Only where nothing is lost; <c>"5x"</c> stays a text.
/// </summary>
internal static class ArgumentConversion
{
    /// <summary>Converts what can be converted, in place; what fits, and what does not fit in any way, stays as it is.</summary>
    /// <param name="schema">The tool's input schema.</param>
    /// <param name="arguments">The arguments of a call.</param>
    public static void Apply(JsonElement schema, IDictionary<string, JsonElement>? arguments)
    {
        if (arguments is null || !schema.TryGetProperty("properties", out var properties))
        {
            return;
        }

        foreach (var property in properties.EnumerateObject())
        {
            if (arguments.TryGetValue(property.Name, out var value) && Convert(property.Value, value) is { } converted)
            {
                arguments[property.Name] = converted;
            }
        }
    }

    private static JsonElement? Convert(JsonElement schema, JsonElement value)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("type", out var type))
        {
            return null;
        }

        return (type.ValueKind == JsonValueKind.String ? type.GetString() : null, value.ValueKind) switch
        {
            ("integer", JsonValueKind.Number) => Whole(value.GetRawText()),
            ("integer", JsonValueKind.String) => Whole(value.GetString()!),
            ("number", JsonValueKind.String) => Number(value.GetString()!) is { } number ? Element(JsonValue.Create(number)) : null,
            ("boolean", JsonValueKind.String) when bool.TryParse(value.GetString(), out var truth) => Element(JsonValue.Create(truth)),
            ("string", JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False) => Element(JsonValue.Create(value.GetRawText())),
            ("array", JsonValueKind.String) => Parse(value.GetString()!, JsonValueKind.Array) is { } list
                ? Items(schema, list) ?? list
                : null,
            ("array", JsonValueKind.Array) => Items(schema, value),
            ("object", JsonValueKind.String) => Parse(value.GetString()!, JsonValueKind.Object),
            _ => null,
        };
    }

    private static JsonElement? Items(JsonElement schema, JsonElement list)
    {
        if (!schema.TryGetProperty("items", out var items))
        {
            return null;
        }

        var converted = list.EnumerateArray().Select(item => (Item: item, Better: Convert(items, item))).ToList();
        return converted.Exists(static one => one.Better is not null)
            ? Element(new JsonArray([.. converted.Select(static one => JsonNode.Parse((one.Better ?? one.Item).GetRawText()))]))
            : null;
    }

    private static JsonElement? Whole(string text) =>
        Number(text) is { } number && number == decimal.Truncate(number) && number is >= long.MinValue and <= long.MaxValue
            ? Element(JsonValue.Create((long)number))
            : null;

    // As JSON writes numbers, so that no sign for thousands and no other locale's point is read as something else.
    private static decimal? Number(string text) =>
        decimal.TryParse(
            text.Trim(),
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : null;

    private static JsonElement? Parse(string text, JsonValueKind kind)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == kind ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonElement Element(JsonNode node)
    {
        using var document = JsonDocument.Parse(node.ToJsonString());
        return document.RootElement.Clone();
    }
}
