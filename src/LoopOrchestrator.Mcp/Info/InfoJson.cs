using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using LoopOrchestrator.Mcp.Doctor;

namespace LoopOrchestrator.Mcp.Info;

[JsonSerializable(typeof(InfoReport))]
[JsonSerializable(typeof(DoctorReport))]
internal sealed partial class InfoJson : JsonSerializerContext
{
    /// <summary>For people and scripts, not for a web page: quotes and angle brackets stay as they are.</summary>
    public static InfoJson Readable { get; } = new(new JsonSerializerOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    });
}
