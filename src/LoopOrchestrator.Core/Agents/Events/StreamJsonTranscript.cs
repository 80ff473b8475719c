using System.Globalization;
using System.Text.Json;

namespace LoopOrchestrator.Core.Agents.Events;

/// <summary>The events that Claude Code and Qwen Code share, in words.</summary>
internal static class StreamJsonTranscript
{
    /// <inheritdoc cref="Presets.IAgentPreset.Transcribe"/>
    public static IEnumerable<TranscriptEntry> Of(JsonElement line) =>
        line.Text("type") switch
        {
            "assistant" => line.Items("message", "content").Select(part => OfPart(part, line.IsThere("error"))).OfType<TranscriptEntry>(),
            "user" => line.Items("message", "content")
                .Where(static part => part.Text("type") == "tool_result")
                .Select(static part => TranscriptEntry.Gave(ToolArguments.Result(part.At("content")), part.IsTrue("is_error"))),
            "system" when line.Text("subtype") == "api_retry" => [TranscriptEntry.Error(line.Text("error"), line.Whole("error_status"))],
            "result" when IsGood(line) => [TranscriptEntry.SaidAtLast(line.Text("result")), TranscriptEntry.End(Ending(line))],
            "result" => [TranscriptEntry.End(Ending(line))],
            _ => [],
        };

    private static TranscriptEntry? OfPart(JsonElement part, bool isError) =>
        part.Text("type") switch
        {
            "text" => isError ? TranscriptEntry.Error(part.Text("text")) : TranscriptEntry.Said(part.Text("text")),
            "tool_use" => TranscriptEntry.Tool(part.Text("name"), ToolArguments.Of(part.At("input"))),
            _ => null,
        };

    private static bool IsGood(JsonElement line) => line.Text("subtype") == "success" && !line.IsTrue("is_error");

    private static string Ending(JsonElement line)
    {
        IEnumerable<string?> parts =
        [
            line.Text("subtype"),
            IsGood(line) ? null : line.Text("result") ?? line.Text("error", "message"),
            line.Count("num_turns") is { } turns ? string.Create(CultureInfo.InvariantCulture, $"{turns} turns") : null,
            line.Real("total_cost_usd") is { } cost ? string.Create(CultureInfo.InvariantCulture, $"${cost:0.####}") : null,
        ];
        return string.Join(", ", parts.Where(static part => !string.IsNullOrWhiteSpace(part)));
    }
}
