using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>Whether some bytes are a message of JSON-RPC 2.0, and the error that it defines where they are not.</summary>
internal static class JsonRpcLine
{
    private const int ParseError = -32700;
    private const int InvalidRequest = -32600;
    private const int MaxDepth = 64;

    private static ReadOnlySpan<byte> WhiteSpace => " \t\r\n"u8;

    /// <summary>The error as a line with its end; <see langword="null"/> for a message, and for white space, which says nothing.</summary>
    public static byte[]? Refusal(ReadOnlySpan<byte> line) =>
        Find(line) is var (code, message, id)
            ? Encoding.UTF8.GetBytes(
                Error(
                    code,
                    code == ParseError ? $"This line is not valid JSON ({message}). Send each message as JSON on one line." : message,
                    id
                ) + "\n"
            )
            : null;

    /// <summary>The error for a line that is longer than a message may be, as a line with its end; nobody has read its id.</summary>
    public static byte[] TooLong(int maxBytes) =>
        Encoding.UTF8.GetBytes(
            Error(InvalidRequest, $"This line was dropped: it is longer than the {maxBytes} bytes that a message may have.", null) + "\n"
        );

    /// <summary>An error of JSON-RPC.</summary>
    public static string Error(int code, string message, JsonNode? id) =>
        new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = id,
            ["error"] = new JsonObject { ["code"] = code, ["message"] = message },
        }.ToJsonString();

    /// <summary>Why the body of a request is no JSON at all, as an error; <see langword="null"/> where it is.</summary>
    public static string? SyntaxErrorOfBody(ReadOnlySpan<byte> body) =>
        body.Trim(WhiteSpace).IsEmpty ? EmptyBody()
        : Find(body) is (ParseError, var message, _) ? Error(ParseError, $"The body is not valid JSON ({message}). Send one message.", null)
        : null;

    /// <summary>The same of one that was read in parts.</summary>
    /// <param name="position">At which byte it is none.</param>
    /// <param name="isEmpty">Whether there was nothing but white space.</param>
    public static string SyntaxErrorOfBody(long position, bool isEmpty) =>
        isEmpty ? EmptyBody() : Error(ParseError, $"The body is not valid JSON (at byte {position}). Send one message.", null);

    private static string EmptyBody() => Error(ParseError, "The body is empty. Send one message as JSON.", null);

    private static (int Code, string Message, JsonNode? Id)? Find(ReadOnlySpan<byte> line)
    {
        if (line.Trim(WhiteSpace).IsEmpty)
        {
            return null;
        }

        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = MaxDepth });
        var (hasVersion, hasMethod, hasResult, hasId) = (false, false, false, false);
        JsonNode? id = null;
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                reader.Read();
                return (InvalidRequest, "A message is one JSON object; lists and single values are none.", null);
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isId = reader.ValueTextEquals("id"u8);
                var isVersion = reader.ValueTextEquals("jsonrpc"u8);
                var isMethod = reader.ValueTextEquals("method"u8);
                hasId |= isId;
                hasResult |= reader.ValueTextEquals("result"u8) || reader.ValueTextEquals("error"u8);
                reader.Read();
                hasVersion |= isVersion && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("2.0"u8);
                hasMethod |= isMethod && reader.TokenType == JsonTokenType.String;
                id =
                    !isId ? id
                    : reader.TokenType == JsonTokenType.String ? JsonValue.Create(reader.GetString())
                    : reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? JsonValue.Create(number)
                    : null;
                reader.Skip();
            }

            reader.Read();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return (ParseError, exception.Message, null);
        }

        if (!hasVersion || !(hasMethod || hasResult))
        {
            return (InvalidRequest, "This is no message of JSON-RPC 2.0: it needs \"jsonrpc\": \"2.0\" and a \"method\".", id);
        }

        // An answer may have the id null: to an error, which is never answered by one.
        return hasMethod && hasId && id is null
            ? (InvalidRequest, "The \"id\" of a request is a string or a whole number of 64 bits; a notification has none.", null)
            : null;
    }
}
