using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LoopOrchestrator.Mcp.Tests.Tools;

/// <summary>A tool of the list as the text of its snapshot: the same members in the same order whatever the SDK's is.</summary>
internal static class ToolSnapshot
{
    private static readonly string[] First = ["name", "title", "description", "annotations", "inputSchema", "outputSchema"];

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string FileName(JsonObject tool) => $"{tool["name"]}.json";

    public static string Text(JsonObject tool)
    {
        var others = tool.Select(static member => member.Key).Where(static name => !First.Contains(name)).Order(StringComparer.Ordinal);
        var ordered = First.Where(tool.ContainsKey).Concat(others).Select(name => KeyValuePair.Create(name, tool[name]?.DeepClone()));
        return new JsonObject(ordered).ToJsonString(Readable) + "\n";
    }
}
