using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.DummyAgent;

/// <summary>Calls the server that the file behind <c>--mcp-config</c> names, over stdio, as an agent's CLI does.</summary>
internal static class HomeCall
{
    public static Task ReportAsync(IReadOnlyList<string> options, string outcome, string summary) =>
        CallAsync(options, "complete_run", new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["run_id"] = Environment.GetEnvironmentVariable("LOOP_RUN_ID"),
            ["outcome"] = outcome,
            ["summary"] = summary,
            ["findings"] = new[] { $"found by the dummy: {summary}" },
        });

    /// <summary>Asks for a run below its own, without naming its own.</summary>
    public static Task AskAsync(IReadOnlyList<string> options, string mode, string agent, string task) =>
        CallAsync(options, "run_mode", new Dictionary<string, object?>(StringComparer.Ordinal) { ["mode"] = mode, ["agent"] = agent, ["task"] = task });

    private static async Task CallAsync(IReadOnlyList<string> options, string tool, Dictionary<string, object?> arguments)
    {
        var file = Option.Value(options, "--mcp-config") ?? throw new InvalidOperationException("--mcp-config is missing.");
        var (name, server) = JsonNode.Parse(await File.ReadAllTextAsync(file))!["mcpServers"]!.AsObject().Single();
        await using var client = await McpClient.CreateAsync(new StdioClientTransport(new StdioClientTransportOptions
        {
            Name = name,
            Command = (string)server!["command"]!,
            Arguments = [.. server["args"]!.AsArray().Select(static argument => (string)argument!)],
            EnvironmentVariables = server["env"]!.AsObject().ToDictionary(static variable => variable.Key, static variable => (string?)variable.Value, StringComparer.Ordinal),
            ShutdownTimeout = TimeSpan.FromMilliseconds(200),
        }), new McpClientOptions { DiscoverProbeTimeout = Timeout.InfiniteTimeSpan });
        var result = await client.CallToolAsync(tool, arguments);
        Console.WriteLine($"{tool} answered: {string.Join(' ', result.Content.OfType<TextContentBlock>().Select(static block => block.Text))}");
    }
}
