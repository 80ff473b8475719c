using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace LoopOrchestrator.Core.Agents.Events;

/// <summary>Reads members of events: one of another kind than expected counts as not there.</summary>
internal static class EventJson
{
    /// <summary>The member at the end of the path, or <see langword="null"/>.</summary>
    public static JsonElement? At(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element;
    }

    /// <summary>Whether a member is there and says something; of what kind it is makes no difference.</summary>
    public static bool IsThere(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: not JsonValueKind.Null };

    public static string? Text(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.String } value ? TextOf(value) : null;

    public static bool IsTrue(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.True };

    public static double? Real(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : null;

    public static long? Whole(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : null;

    public static int? Count(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.Whole(path) is { } number and >= 0 and <= int.MaxValue ? (int)number : null;

    /// <summary>A moment given as seconds since 1970.</summary>
    public static DateTimeOffset? UnixSeconds(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.Real(path) is { } seconds and > 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000))
            : null;

    /// <summary>The items of a list; none when it is anything else.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    // A text with half a character in it is shown as it stands in the line: the event around it may be an error, which must not be lost.
    private static string TextOf(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value)[1..^1]);
        }
    }
}
