using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LoopOrchestrator.Mcp.Info;

[JsonSerializable(typeof(InfoReport))]
internal sealed partial class InfoJson : JsonSerializerContext
{
    /// <summary>For people and scripts, not for a web page: quotes and angle brackets stay as they are.</summary>
    public static InfoJson Readable { get; } = new(CreateOptions());

    /// <summary>The same for another context: one of its own, for a context takes what it is given for itself.</summary>
    public static JsonSerializerOptions CreateOptions() =>
        new()
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            WriteIndented = true,
        };
}
