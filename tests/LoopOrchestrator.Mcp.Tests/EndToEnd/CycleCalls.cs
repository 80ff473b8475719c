using System.Text.Json;
using System.Text.Json.Nodes;
using LoopOrchestrator.Testing;
using ModelContextProtocol.Client;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>A small workflow for a test's workspace, and what clients ask about its cycles.</summary>
internal static class CycleCalls
{
    /// <summary>Makes the default workflow: a step by this agent, then a gate that is a command of the shell.</summary>
    public static void WriteWorkflow(this LoopWorkspace workspace, string agent, string gate)
    {
        workspace.More["workflows"] = JsonNode.Parse(
            $$"""
            { "default": { "stages": [
              { "stage": "implementation", "steps": [ { "name": "write", "mode": "implementation-core", "agent": "{{agent}}" } ] },
              { "stage": "validation", "gates": [ { "name": "check", "command": ["sh", "-c", "{{gate}}"], "timeoutSeconds": 60 } ] } ] } }
            """
        );
        workspace.WriteConfiguration();
    }

    /// <summary>Waits for the only cycle of a workspace.</summary>
    public static Task<string> OnlyCycleAsync(this McpClient client) => Eventually.FindAsync("a cycle", async () =>
        {
            var cycles = (await client.CallAsync("list_cycles")).GetProperty("cycles");
            cycles.GetArrayLength().Should().BeLessThan(2);
            return cycles.GetArrayLength() == 1 ? cycles[0].Text("cycle_id") : null;
        });

    /// <summary>Waits until a cycle has ended and nothing is owed for it any more, and returns what get_cycle tells.</summary>
    public static async Task<JsonElement> EndOfCycleAsync(this McpClient client, string id)
    {
        await client.EndOfRunAsync(id);
        return await client.CallAsync("get_cycle", ("cycle_id", id));
    }

    /// <summary>The items of a cycle.</summary>
    public static IReadOnlyList<JsonElement> Items(this JsonElement cycle) => [.. cycle.GetProperty("items").EnumerateArray()];

    /// <summary>The decisions of a cycle or run, in order, one on each line.</summary>
    public static string Story(this JsonElement cycle) =>
        string.Join('\n', cycle.GetProperty("decisions").EnumerateArray().Select(static decision => decision.Text("text")));

    /// <summary>The run of the step that a cycle has reached, once its agent runs.</summary>
    public static Task<string> RunningStepAsync(this McpClient client, string cycleId) =>
        Eventually.FindAsync($"a running step of {cycleId}", async () =>
        {
            var items = (await client.CallAsync("get_cycle", ("cycle_id", cycleId))).Items();
            return
                items.Count > 0
                && items[^1].TryGetProperty("run_id", out var run)
                && (await client.CallAsync("get_run", ("run_id", run.GetString()))).Text("state") == "running"
                ? run.GetString()
                : null;
        });
}
