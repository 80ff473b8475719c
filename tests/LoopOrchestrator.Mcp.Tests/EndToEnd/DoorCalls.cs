using System.Text.Json;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Processes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>Calls of tools as clients make them.</summary>
internal static class DoorCalls
{
    /// <summary>Calls a tool that is expected to succeed, and returns its structured answer.</summary>
    public static async Task<JsonElement> CallAsync(
        this McpClient client,
        string tool,
        params IEnumerable<(string Name, object? Value)> arguments
    )
    {
        var result = await client.TryCallAsync(tool, arguments);
        result.IsError.Should().NotBeTrue(result.Text());
        return result.StructuredContent!.Value;
    }

    /// <summary>Calls a tool that is expected to refuse, and returns what it says.</summary>
    public static async Task<string> RefusalAsync(
        this McpClient client,
        string tool,
        params IEnumerable<(string Name, object? Value)> arguments
    )
    {
        var result = await client.TryCallAsync(tool, arguments);
        result.IsError.Should().BeTrue(result.Text());
        return result.Text();
    }

    public static async Task<CallToolResult> TryCallAsync(
        this McpClient client,
        string tool,
        IEnumerable<(string Name, object? Value)> arguments
    )
    {
        // A call may wait for 50 s by itself.
        var limit = ServerProcess.HangGuard * 2;
        var given = arguments.ToDictionary(static argument => argument.Name, static argument => argument.Value, StringComparer.Ordinal);
        var call = client.CallToolAsync(tool, given, cancellationToken: TestContext.Current.CancellationToken).AsTask();
        try
        {
            return await call.WaitAsync(limit, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException exception) when (!call.IsCompleted)
        {
            throw new TimeoutException(
                $"{tool} was not answered within {limit.TotalSeconds:0} s: {JsonSerializer.Serialize(given)}",
                exception
            );
        }
    }

    /// <summary>Asks for a run and returns its id.</summary>
    public static async Task<string> StartRunAsync(
        this McpClient client,
        string agent,
        params IEnumerable<(string Name, object? Value)> more
    )
    {
        var run = await client.CallAsync("run_mode", [("mode", "code"), ("task", $"Be {agent}."), ("agent", agent), .. more]);
        return run.Text("run_id");
    }

    /// <summary>Waits for the only run of a schedule.</summary>
    public static Task<string> RunOfScheduleAsync(this McpClient client, string scheduleId) =>
        Eventually.FindAsync($"a run of schedule {scheduleId}", async () =>
        {
            var runs = (await client.CallAsync("list_runs", ("schedule_id", scheduleId))).GetProperty("runs");
            runs.GetArrayLength().Should().BeLessThan(2);
            return runs.GetArrayLength() == 1 ? runs[0].Text("run_id") : null;
        });

    /// <summary>Waits until a run has ended and nothing is owed for it any more, and returns what get_run tells.</summary>
    public static async Task<JsonElement> EndOfRunAsync(this McpClient client, string runId)
    {
        var found = await Eventually.FindAsync($"the end of {runId}", async () =>
        {
            var detail = await client.CallAsync("get_run", ("run_id", runId), ("wait_seconds", 20));
            var run = detail;
            return run.Text("state") is "queued" or "running" || run.GetProperty("finalization_pending").GetBoolean()
                ? null
                : new Holder(detail);
        });
        return found.Value;
    }

    /// <summary>Waits until an attempt of a run has ended and the run waits for its next one, and returns what get_run tells.</summary>
    public static async Task<JsonElement> QueuedAgainAsync(this McpClient client, string runId) =>
        (await Eventually.FindAsync($"the next attempt of {runId} to be waited for", async () =>
            {
                var run = await client.CallAsync("get_run", ("run_id", runId));
                return run.Text("state") == "queued" && run.GetProperty("attempt").GetInt32() > 0 ? new Holder(run) : null;
            })).Value;

    /// <summary>Waits until an agent has printed this.</summary>
    public static Task PrintedAsync(this McpClient client, string runId, string text) =>
        Eventually.FindAsync($"'{text}' in the output of {runId}", async () =>
        {
            var detail = await client.CallAsync("get_run", ("run_id", runId));
            return detail.TryGetProperty("output_tail", out var tail) && tail.GetString()!.Contains(text, StringComparison.Ordinal)
                ? text
                : null;
        });

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    /// <summary>The texts of a list, one on each line.</summary>
    public static string Lines(this JsonElement element, string name) =>
        string.Join('\n', element.GetProperty(name).EnumerateArray().Select(static item => item.GetString()));

    public static string Text(this CallToolResult result) =>
        string.Join('\n', result.Content.OfType<TextContentBlock>().Select(static block => block.Text));

    /// <summary>
    /// Some clients show a model only the text of an answer, and people see nothing else: it is no JSON, and holds all that the structured
    /// content has.
    /// </summary>
    public static void ShouldHoldAllInItsText(this CallToolResult result, string tool)
    {
        var text = result.Text();
        text.Should().NotStartWith("{", tool);
        foreach (var line in Leaves(result.StructuredContent!.Value).SelectMany(static value => value.Split('\n')))
        {
            Assert.Contains(line.Trim(), text, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string> Leaves(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().SelectMany(static member => Leaves(member.Value)),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(Leaves),
            JsonValueKind.String => [element.GetString()!],
            _ => [element.GetRawText()],
        };

    private sealed record Holder(JsonElement Value);
}
