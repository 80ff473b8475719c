using System.Text.Json;

namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>How an agent's CLI starts this program as an MCP server on the run's workspace.</summary>
/// <param name="Program">The program.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Environment">Variables that it needs; CLIs do not hand all of their own on.</param>
internal sealed record McpServerCommand(string Program, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>The name under which an agent sees this server among its MCP servers.</summary>
    public const string Name = "loop";

    /// <summary>The form that most CLIs read: <c>{"mcpServers":{"loop":{…}}}</c>.</summary>
    /// <param name="more">Writes further members of the server's entry.</param>
    /// <param name="beside">Writes further members of the document.</param>
    public byte[] ToJson(Action<Utf8JsonWriter>? more = null, Action<Utf8JsonWriter>? beside = null) =>
        Write(writer =>
        {
            writer.WriteStartObject("mcpServers");
            writer.WriteStartObject(Name);
            writer.WriteString("type", "stdio");
            writer.WriteString("command", Program);
            WriteList(writer, "args", Arguments);
            WriteVariables(writer, "env");
            more?.Invoke(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
            beside?.Invoke(writer);
        });

    public void WriteVariables(Utf8JsonWriter writer, string name)
    {
        writer.WriteStartObject(name);
        foreach (var (variable, value) in Environment)
        {
            writer.WriteString(variable, value);
        }

        writer.WriteEndObject();
    }

    public static void WriteList(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    /// <summary>An object as JSON.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }
}
