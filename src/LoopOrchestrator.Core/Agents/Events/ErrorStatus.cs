using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LoopOrchestrator.Core.Agents.Events;

/// <summary>
/// Reads the HTTP status out of an error whose begin is known. What is neither a number nor an object there tells none. Pure.
/// </summary>
internal static class ErrorStatus
{
    private const int Digits = 3;
    private const int Unauthorized = 401;

    /// <summary>The status that stands right behind the begin of an error.</summary>
    /// <param name="text">The error.</param>
    /// <param name="prefix">Its begin, which it has.</param>
    public static int? Behind(string text, string prefix)
    {
        var rest = text.AsSpan(prefix.Length).TrimStart(": ");
        return rest.StartsWith("{") ? OfObject(rest)
            : rest.Length < Digits ? null
            : int.TryParse(rest[..Digits], NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status
            : null;
    }

    // Google's form: {"error":{"code":401,"status":"UNAUTHENTICATED"}}. A refused key has code 400 there and is told by its reason.
    private static int? OfObject(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        try
        {
            // What follows the object (a bracket, as a rule) is not read.
            var reader = new Utf8JsonReader(bytes);
            using var document = JsonDocument.ParseValue(ref reader);
            var error = document.RootElement;
            return error.Items("error", "details").Any(static detail => detail.Text("reason") == "API_KEY_INVALID")
                ? Unauthorized
                : error.Count("error", "code");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
