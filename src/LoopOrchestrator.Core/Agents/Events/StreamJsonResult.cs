using System.Text.Json;
using LoopOrchestrator.Core.Agents.Contracts;

namespace LoopOrchestrator.Core.Agents.Events;

/// <summary>
/// Reads the <c>result</c> event that Claude Code and Qwen Code share. It is a success only where each member that decides is one that
/// is known: a later version may have further kinds of ends, and a value of another kind may say anything.
/// </summary>
internal static class StreamJsonResult
{
    private const int FirstErrorStatus = 400;

    /// <summary>Reads it.</summary>
    /// <param name="line">The event.</param>
    /// <param name="text">Its final message, where the program has it in another member than <c>result</c>.</param>
    public static AgentResult Read(JsonElement line, string? text = null)
    {
        var subtype = line.Text("subtype");
        var isErrorKind = subtype?.StartsWith("error", StringComparison.Ordinal) == true;
        var status = line.Count("api_error_status");
        return new AgentResult(
            line.IsTrue("is_error") || isErrorKind || status >= FirstErrorStatus,
            line.Text("result") ?? text,
            line.Count("num_turns")
        )
        {
            Subtype = isErrorKind ? subtype : null,
            IsRefusal = line.Text("stop_reason") is "refusal",
            Status = status,
            Doubt = DoubtOf(line, subtype),
        };
    }

    private static string? DoubtOf(JsonElement line, string? subtype) =>
        subtype is null ? "it has no subtype"
        : subtype != "success" ? $"its subtype '{subtype}' is not known"
        : line.At("is_error") is { ValueKind: not (JsonValueKind.True or JsonValueKind.False) } ? "is_error is neither true nor false"
        : line.IsThere("result") && line.Text("result") is null ? "result is no text"
        : line.IsThere("api_error_status") && line.Count("api_error_status") is null ? "api_error_status is no number"
        : !line.IsThere("stop_reason") ? null
        : line.Text("stop_reason") switch
        {
            null => "stop_reason is no text",
            "max_tokens" or "model_context_window_exceeded" => "its answer was cut off at the model's limit",
            _ => null,
        };
}
