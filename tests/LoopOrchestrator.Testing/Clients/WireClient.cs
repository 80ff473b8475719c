using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Testing.Clients;

/// <summary>
/// A client that writes and reads bytes itself, for what the SDK's client would hide: it fails on any line of
/// standard output that is not a JSON-RPC message.
/// </summary>
public sealed class WireClient(ServerProcess server) : IDisposable
{
    private readonly StreamReader _reader = new(
        server.Output,
        new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true),
        detectEncodingFromByteOrderMarks: false
    );

    /// <summary>A request of the era in which each stands for itself.</summary>
    public static JsonObject StatelessRequest(int id, string method, JsonObject? parameters = null)
    {
        parameters ??= [];
        parameters["_meta"] = new JsonObject
        {
            ["io.modelcontextprotocol/protocolVersion"] = ProtocolEra.Stateless,
            ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
            ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "wire", ["version"] = "1" },
        };
        return new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = id,
            ["method"] = method,
            ["params"] = parameters,
        };
    }

    /// <summary>A request that stays open for as long as the client likes.</summary>
    public static JsonObject Listen(int id) =>
        StatelessRequest(id, "subscriptions/listen", new JsonObject { ["notifications"] = new JsonObject() });

    /// <summary>Writes one message as one line.</summary>
    public async Task SendAsync(JsonObject message)
    {
        ArgumentNullException.ThrowIfNull(message);
        await server.Input.WriteAsync(Encoding.UTF8.GetBytes(message.ToJsonString() + "\n")).AsTask().WaitAsync(ServerProcess.HangGuard);
        await server.Input.FlushAsync().WaitAsync(ServerProcess.HangGuard);
    }

    /// <summary>Reads the next message.</summary>
    /// <returns>The message, or <see langword="null"/> at the end of output.</returns>
    public async Task<JsonObject?> ReceiveAsync()
    {
        var line = await _reader.ReadLineAsync().WaitAsync(ServerProcess.HangGuard);
        if (line is null)
        {
            return null;
        }

        var message = JsonNode.Parse(line) as JsonObject;
        return string.Equals((string?)message?["jsonrpc"], "2.0", StringComparison.Ordinal)
            ? message!
            : throw new JsonException($"Standard output carries something else than the protocol: {line}");
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();
}
