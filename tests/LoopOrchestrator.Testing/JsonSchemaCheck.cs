using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LoopOrchestrator.Testing;

/// <summary>
/// Checks a document against a JSON Schema (draft 2020-12), with the keywords that our own schemas use. A keyword that it does not know
/// is an error of the schema, so that nothing is passed over in silence.
/// </summary>
public sealed class JsonSchemaCheck
{
    private static readonly HashSet<string> Annotations = new(StringComparer.Ordinal)
    {
        "$schema",
        "$defs",
        "title",
        "description",
        "default",
        "format",
    };

    private readonly JsonElement _root;
    private readonly List<string> _problems = [];

    private JsonSchemaCheck(JsonElement root) => _root = root;

    /// <summary>What of a document does not fit, a line each with its place.</summary>
    public static IReadOnlyList<string> Problems(JsonElement schema, JsonElement document)
    {
        var check = new JsonSchemaCheck(schema);
        check.Check(schema, document, "$");
        return check._problems;
    }

    private void Check(JsonElement schema, JsonElement value, string place)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            Expect(schema.GetBoolean(), place, "is not allowed");
            return;
        }

        foreach (var keyword in schema.EnumerateObject().Where(static keyword => !Annotations.Contains(keyword.Name)))
        {
            Check(schema, keyword.Name, keyword.Value, value, place);
        }
    }

    private void Check(JsonElement schema, string keyword, JsonElement given, JsonElement value, string place)
    {
        switch (keyword)
        {
            case "$ref":
                Check(Definition(given.GetString()!), value, place);
                break;
            case "type":
                Expect(Words(given).Any(type => IsOfType(value, type)), place, $"is no {string.Join(" or ", Words(given))}");
                break;
            case "enum":
                Expect(given.EnumerateArray().Any(word => JsonElement.DeepEquals(word, value)), place, $"is none of {given.GetRawText()}");
                break;
            case "not":
                Expect(Inner(given, value, place).Count > 0, place, "is what it must not be");
                break;
            case "anyOf":
                Expect(given.EnumerateArray().Any(one => Inner(one, value, place).Count == 0), place, "fits none of anyOf");
                break;
            case "oneOf":
                Expect(
                    given.EnumerateArray().Count(one => Inner(one, value, place).Count == 0) == 1,
                    place,
                    "does not fit exactly one of oneOf"
                );
                break;
            default:
                CheckValue(schema, keyword, given, value, place);
                break;
        }
    }

    private void CheckValue(JsonElement schema, string keyword, JsonElement given, JsonElement value, string place)
    {
        switch (keyword)
        {
            case "properties" or "required" or "additionalProperties" or "propertyNames" or "dependentRequired":
                if (value.ValueKind == JsonValueKind.Object)
                {
                    CheckObject(schema, keyword, given, value, place);
                }

                break;
            case "items" or "minItems" or "maxItems":
                if (value.ValueKind == JsonValueKind.Array)
                {
                    CheckList(keyword, given, value, place);
                }

                break;
            case "minLength" or "maxLength" or "pattern":
                if (value.ValueKind == JsonValueKind.String)
                {
                    CheckText(keyword, given, value.GetString()!, place);
                }

                break;
            case "minimum" or "maximum":
                if (value.ValueKind == JsonValueKind.Number)
                {
                    Expect(
                        keyword == "minimum" ? value.GetDouble() >= given.GetDouble() : value.GetDouble() <= given.GetDouble(),
                        place,
                        $"is beyond the {keyword} {given}"
                    );
                }

                break;
            default:
                throw new NotSupportedException(
                    $"the keyword {keyword} at {place} is not checked yet; add it to {nameof(JsonSchemaCheck)}"
                );
        }
    }

    private void CheckObject(JsonElement schema, string keyword, JsonElement given, JsonElement value, string place)
    {
        switch (keyword)
        {
            case "properties":
                foreach (var property in value.EnumerateObject().Where(property => given.TryGetProperty(property.Name, out _)))
                {
                    Check(given.GetProperty(property.Name), property.Value, $"{place}.{property.Name}");
                }

                break;
            case "additionalProperties":
                var known = schema.TryGetProperty("properties", out var properties)
                    ? properties.EnumerateObject().Select(static one => one.Name).ToHashSet(StringComparer.Ordinal)
                    : [];
                foreach (var property in value.EnumerateObject().Where(property => !known.Contains(property.Name)))
                {
                    Check(given, property.Value, $"{place}.{property.Name}");
                }

                break;
            case "propertyNames":
                foreach (var property in value.EnumerateObject())
                {
                    Check(given, JsonSerializer.SerializeToElement(property.Name), $"{place}.{property.Name} (its name)");
                }

                break;
            case "required":
                ExpectMembers(given, value, place);
                break;
            default:
                foreach (var dependency in given.EnumerateObject().Where(dependency => value.TryGetProperty(dependency.Name, out _)))
                {
                    ExpectMembers(dependency.Value, value, place);
                }

                break;
        }
    }

    private void CheckList(string keyword, JsonElement given, JsonElement value, string place)
    {
        switch (keyword)
        {
            case "minItems":
                Expect(value.GetArrayLength() >= given.GetInt32(), place, "has too few items");
                break;
            case "maxItems":
                Expect(value.GetArrayLength() <= given.GetInt32(), place, "has too many items");
                break;
            default:
                foreach (var (index, item) in value.EnumerateArray().Index())
                {
                    Check(given, item, string.Create(CultureInfo.InvariantCulture, $"{place}[{index}]"));
                }

                break;
        }
    }

    private void CheckText(string keyword, JsonElement given, string text, string place)
    {
        var fits = keyword switch
        {
            "minLength" => text.Length >= given.GetInt32(),
            "maxLength" => text.Length <= given.GetInt32(),
            _ => Regex.IsMatch(text, given.GetString()!, RegexOptions.ECMAScript, TimeSpan.FromSeconds(10)),
        };
        Expect(fits, place, $"does not fit {keyword} {given}");
    }

    private void ExpectMembers(JsonElement names, JsonElement value, string place)
    {
        foreach (var name in Words(names))
        {
            Expect(value.TryGetProperty(name, out _), place, $"has no {name}");
        }
    }

    private IReadOnlyList<string> Inner(JsonElement schema, JsonElement value, string place)
    {
        var inner = new JsonSchemaCheck(_root);
        inner.Check(schema, value, place);
        return inner._problems;
    }

    private JsonElement Definition(string reference) =>
        reference.Split('/') is ["#", "$defs", var name]
            ? _root.GetProperty("$defs").GetProperty(name)
            : throw new NotSupportedException($"{reference} is no #/$defs/NAME");

    private void Expect(bool fits, string place, string problem)
    {
        if (!fits)
        {
            _problems.Add($"{place} {problem}");
        }
    }

    private static IReadOnlyList<string> Words(JsonElement given) =>
        given.ValueKind == JsonValueKind.Array
            ? [.. given.EnumerateArray().Select(static word => word.GetString()!)]
            : [given.GetString()!];

    private static bool IsOfType(JsonElement value, string type) =>
        type switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "null" => value.ValueKind == JsonValueKind.Null,
            "number" => value.ValueKind == JsonValueKind.Number,
            "integer" => value.ValueKind == JsonValueKind.Number && double.IsInteger(value.GetDouble()),
            _ => throw new NotSupportedException($"{type} is no type of JSON Schema"),
        };
}
