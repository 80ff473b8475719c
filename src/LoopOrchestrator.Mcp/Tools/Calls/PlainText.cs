using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Tools.Calls;

/// <summary>
/// An answer as lines that a person reads in the window of a client, with all that is in it: a line for each member, and one for each item
/// of a list. Some clients hand a model only this text, others only the structured content.
/// </summary>
internal static class PlainText
{
    private const string None = "none";
    private const string Indent = "\n  ";

    /// <summary>The lines.</summary>
    public static string Of(JsonObject answer)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in answer)
        {
            switch (value)
            {
                case JsonArray { Count: > 0 } items:
                    text.Append(name).Append(":\n");
                    foreach (var item in items)
                    {
                        text.Append("- ");
                        Append(text, item);
                        text.Append('\n');
                    }

                    continue;
                case JsonValue one when IsText(one) && one.GetValue<string>().Contains('\n', StringComparison.Ordinal):
                    text.Append(name).Append(':').Append(Indent);
                    break;
                default:
                    text.Append(name).Append(": ");
                    break;
            }

            Append(text, value);
            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n');
    }

    /// <summary>An item of a list, as it stands in its line.</summary>
    public static string Line(JsonNode? node)
    {
        var text = new StringBuilder();
        Append(text, node);
        return text.ToString();
    }

    // Each answer passes here, the longest ones several times: what is appended makes no texts that are thrown away.
    private static void Append(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } members:
                var isFirst = true;
                foreach (var (name, value) in members)
                {
                    text.Append(isFirst ? "" : " | ").Append(name).Append(": ");
                    Append(text, value);
                    isFirst = false;
                }

                break;
            case JsonArray { Count: > 0 } items:
                for (var index = 0; index < items.Count; index++)
                {
                    text.Append(index == 0 ? "" : "; ");
                    Append(text, items[index]);
                }

                break;
            case null or JsonObject or JsonArray:
                text.Append(None);
                break;
            default:
                text.Append(IsText(node) ? Safe(node.GetValue<string>()) : node.ToJsonString());
                break;
        }
    }

    /// <summary>
    /// A text as it is, for a block of its own: what steers a terminal or turns the direction of writing round is written out, and so is
    /// half a character, which no encoding has. Tabs stay.
    /// </summary>
    public static string Lines(string text) =>
        string.Join('\n', text.Split('\n').Select(static line => string.Join('\t', line.Split('\t').Select(Whole))));

    private static string Whole(string text) => SafeText.Escape(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).TrimEnd('\r'));

    // Lines stay lines, below the name that they belong to. What steers a terminal or turns the direction of writing round is written out,
    // and so is half a character, which no encoding has.
    private static string Safe(string text) =>
        SafeText.IsSafe(text) && !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')
            ? text
            : string.Join(
                Indent,
                Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Split('\n').Select(static line => SafeText.Escape(line.TrimEnd('\r')))
            );

    private static bool IsText(JsonNode node) => node.GetValueKind() == JsonValueKind.String;
}
