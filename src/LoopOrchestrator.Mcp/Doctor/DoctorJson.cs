using System.Text.Json.Serialization;
using LoopOrchestrator.Mcp.Info;

namespace LoopOrchestrator.Mcp.Doctor;

[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(FilesReport))]
internal sealed partial class DoctorJson : JsonSerializerContext
{
    /// <summary>Written as <c>--info</c> is.</summary>
    public static DoctorJson Readable { get; } = new(InfoJson.CreateOptions());
}
