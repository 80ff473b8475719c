using System.Text.Json;

namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>
/// Claude Code's <c>stream-json</c> events: one JSON object a line with a <c>type</c>. Only the <c>result</c> event is acted on; every
/// other one, known or not, is kept in the log and passed over. Nothing is ever read out of prose.
/// </summary>
internal static class ClaudeEvents
{
    /// <summary>The name of this dialect in a <see cref="SupervisorOrder"/>.</summary>
    public const string Name = "claude";

    private const int LongestResult = 16 * 1024;

    /// <summary>The result that a line tells, or <see langword="null"/> when it is anything else.</summary>
    public static AgentResult? ReadResult(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "type") != "result")
            {
                return null;
            }

            var text = Text(root, "result");
            return new AgentResult(
                root.TryGetProperty("is_error", out var isError) && isError.ValueKind == JsonValueKind.True,
                text is null ? null : TextCut.Head(text, LongestResult).ToString(),
                root.TryGetProperty("total_cost_usd", out var cost) && cost.ValueKind == JsonValueKind.Number && cost.TryGetDouble(out var dollars) && double.IsFinite(dollars) ? dollars : null,
                root.TryGetProperty("num_turns", out var turns) && turns.ValueKind == JsonValueKind.Number && turns.TryGetInt32(out var count) ? count : null,
                Text(root, "session_id"));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
