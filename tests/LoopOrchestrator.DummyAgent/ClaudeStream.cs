using System.Text.Json.Nodes;

namespace LoopOrchestrator.DummyAgent;

/// <summary>Events of the form that Claude Code prints with <c>--output-format stream-json</c>.</summary>
internal static class ClaudeStream
{
    public const double Cost = 0.0421;

    public static void Begin(IReadOnlyList<string> options)
    {
        Print(new JsonObject { ["type"] = "system", ["subtype"] = "init", ["session_id"] = Session(options), ["model"] = "dummy", ["tools"] = new JsonArray() });
        Print(new JsonObject
        {
            ["type"] = "assistant",
            ["session_id"] = Session(options),
            ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = "I look around." }) },
        });
    }

    public static void End(bool isError, string text, IReadOnlyList<string> options) => Print(new JsonObject
    {
        ["type"] = "result",
        ["subtype"] = isError ? "error_during_execution" : "success",
        ["is_error"] = isError,
        ["result"] = text,
        ["num_turns"] = 2,
        ["total_cost_usd"] = Cost,
        ["session_id"] = Session(options),
    });

    private static string Session(IReadOnlyList<string> options) => Option.Value(options, "--session-id") ?? "none";

    private static void Print(JsonObject line) => Console.WriteLine(line.ToJsonString());
}
