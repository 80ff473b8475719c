using System.Text.Json;
using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Mcp.Tools.Calls;

/// <summary>
/// Compares a call's arguments with the tool's input schema before the tool is bound. The SDK's binder reports no more than
/// "an error occurred", from which no model can recover.
/// </summary>
internal static class ArgumentCheck
{
    // Arguments that are no arguments on purpose: to pass over them would do something else than was asked for.
    private static readonly Dictionary<string, string> Refused = new(StringComparer.OrdinalIgnoreCase)
    {
        ["only_if"] = OnlyInTheFile,
        ["onlyIf"] = OnlyInTheFile,
    };

    private const string OnlyInTheFile = "is for people to write into schedules.json: a command never comes from a caller";

    /// <summary>Compares them, after <see cref="ArgumentConversion"/>.</summary>
    /// <param name="schema">The tool's input schema.</param>
    /// <param name="arguments">The arguments of a call.</param>
    public static ArgumentFindings Compare(JsonElement schema, IDictionary<string, JsonElement>? arguments)
    {
        var problems = new List<string>();
        var ignored = new List<string>();
        var properties = Properties(schema);
        var required = Required(schema);
        foreach (var name in required)
        {
            if (arguments is null || !arguments.ContainsKey(name))
            {
                problems.Add(
                    $"The argument '{name}' is missing; expected "
                        + $"{(properties.TryGetValue(name, out var property) ? Describe(property) : "a value")}."
                );
            }
        }

        foreach (var (name, value) in arguments ?? new Dictionary<string, JsonElement>(StringComparer.Ordinal))
        {
            if (properties.TryGetValue(name, out var property))
            {
                // Many clients send null for what they leave out.
                var leftOut = value.ValueKind == JsonValueKind.Null && !required.Contains(name, StringComparer.Ordinal);
                if (!leftOut && FindMismatch(property, value) is { } mismatch)
                {
                    problems.Add($"The argument '{name}' {mismatch}{(mismatch.EndsWith('?') ? string.Empty : ".")}");
                }
            }
            else if (Refused.TryGetValue(name, out var why))
            {
                problems.Add($"'{name}' {why}.");
            }
            else if (NearestName.FindSlip(name, properties.Keys.Where(other => !arguments!.ContainsKey(other))) is { } nearest)
            {
                problems.Add(
                    $"The argument '{name}' is unknown; did you mean '{nearest}'? It takes: {string.Join(", ", properties.Keys)}."
                );
            }
            else
            {
                ignored.Add(name);
            }
        }

        return new ArgumentFindings(problems, ignored);
    }

    private static string? FindMismatch(JsonElement schema, JsonElement value)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var types = Types(schema);
        if (types.Count > 0 && !types.Exists(type => Fits(type, value)))
        {
            return $"must be {Describe(schema)}, and is {Show(value)}";
        }

        if (
            schema.TryGetProperty("enum", out var allowed) && !allowed.EnumerateArray().Any(option => JsonElement.DeepEquals(option, value))
        )
        {
            var nearest =
                value.ValueKind == JsonValueKind.String
                    ? NearestName.Find(
                        value.GetString()!,
                        allowed
                            .EnumerateArray()
                            .Where(option => option.ValueKind == JsonValueKind.String)
                            .Select(option => option.GetString()!)
                    )
                    : null;
            return $"must be {Describe(schema)}, and is {Show(value)}{(nearest is null ? string.Empty : $"; did you mean '{nearest}'?")}";
        }

        if (
            value.ValueKind == JsonValueKind.String
            && schema.TryGetProperty("format", out var format)
            && format.ValueEquals("date-time")
            && !value.TryGetDateTimeOffset(out _)
        )
        {
            return $"must be a moment in ISO 8601 such as 2026-01-31T12:00:00Z, and is {Show(value)}";
        }

        if (FindExcess(schema, value) is { } excess)
        {
            return excess;
        }

        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
        {
            var index = 0;
            foreach (var item in value.EnumerateArray())
            {
                if (FindMismatch(items, item) is { } mismatch)
                {
                    return $"has at index {index} an item that {mismatch}";
                }

                index++;
            }
        }

        return null;
    }

    private static string? FindExcess(JsonElement schema, JsonElement value)
    {
        var (size, least, most, unit) = value.ValueKind switch
        {
            // Code points, as JSON Schema counts.
            JsonValueKind.String => (value.GetString()!.EnumerateRunes().Count(), "minLength", "maxLength", " characters"),
            JsonValueKind.Array => (value.GetArrayLength(), "minItems", "maxItems", " items"),
            JsonValueKind.Number when value.TryGetDecimal(out var number) => (number, "minimum", "maximum", string.Empty),
            _ => (0m, string.Empty, string.Empty, string.Empty),
        };
        var verb = unit.Length == 0 ? "be" : "have";
        var shown = unit.Length == 0 ? $"is {value.GetRawText()}" : $"has {size}";
        return schema.TryGetProperty(least, out var low) && size < low.GetDecimal() ? $"must {verb} at least {low}{unit}, and {shown}"
            : schema.TryGetProperty(most, out var high) && size > high.GetDecimal() ? $"must {verb} at most {high}{unit}, and {shown}"
            : null;
    }

    private static bool Fits(string type, JsonElement value) =>
        type switch
        {
            "string" => value.ValueKind == JsonValueKind.String,
            "integer" => value.ValueKind == JsonValueKind.Number
                && value.TryGetDecimal(out var number)
                && number == decimal.Truncate(number),
            "number" => value.ValueKind == JsonValueKind.Number,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "array" => value.ValueKind == JsonValueKind.Array,
            "object" => value.ValueKind == JsonValueKind.Object,
            "null" => value.ValueKind == JsonValueKind.Null,
            _ => true,
        };

    private static string Describe(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return "a value";
        }

        if (schema.TryGetProperty("enum", out var allowed))
        {
            return "one of "
                + string.Join(
                    ", ",
                    allowed.EnumerateArray().Where(option => option.ValueKind != JsonValueKind.Null).Select(option => option.ToString())
                );
        }

        var names = Types(schema)
            .Where(type => type is not "null")
            .Select(type =>
                type switch
                {
                    "integer" => "a whole number",
                    "array" => "a list",
                    "object" => "an object",
                    _ => "a " + type,
                }
            );
        var text = string.Join(" or ", names);
        return text.Length == 0 ? "a value" : text;
    }

    private static string Show(JsonElement value)
    {
        const int Enough = 60;
        var text =
            value.ValueKind is JsonValueKind.Object ? "an object"
            : value.ValueKind is JsonValueKind.Array ? "a list"
            : value.GetRawText();
        return text.Length <= Enough ? text : text[..Enough] + "...";
    }

    private static List<string> Types(JsonElement schema) =>
        !schema.TryGetProperty("type", out var type) ? []
        : type.ValueKind == JsonValueKind.String ? [type.GetString()!]
        : [.. type.EnumerateArray().Select(item => item.GetString()!)];

    private static Dictionary<string, JsonElement> Properties(JsonElement schema) =>
        schema.TryGetProperty("properties", out var properties)
            ? properties.EnumerateObject().ToDictionary(property => property.Name, property => property.Value, StringComparer.Ordinal)
            : [];

    private static List<string> Required(JsonElement schema) =>
        schema.TryGetProperty("required", out var required) ? [.. required.EnumerateArray().Select(item => item.GetString()!)] : [];
}
