using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.DummyAgent;

/// <summary>Calls the server that its preset named to it, over stdio, as an agent's CLI does.</summary>
internal static class HomeCall
{
    /// <summary>Reports its own run without naming it: the server that was named to it knows.</summary>
    public static Task ReportAsync(IReadOnlyList<string> options, string outcome, string summary) =>
        CallAsync(
            options,
            "complete_run",
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["outcome"] = outcome,
                ["summary"] = summary,
                ["findings"] = new[] { $"found by the dummy: {summary}" },
            }
        );

    /// <summary>Asks for a run below its own, without naming its own.</summary>
    public static Task AskAsync(IReadOnlyList<string> options, string mode, string agent, string task) =>
        CallAsync(
            options,
            "run_mode",
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["mode"] = mode,
                ["agent"] = agent,
                ["task"] = task,
            }
        );

    private static async Task CallAsync(IReadOnlyList<string> options, string tool, Dictionary<string, object?> arguments)
    {
        var way = WayBack.Find(options);
        await using var client = await McpClient.CreateAsync(
            new StdioClientTransport(
                new StdioClientTransportOptions
                {
                    Name = "loop",
                    Command = way.Command,
                    Arguments = way.Arguments,
                    EnvironmentVariables = way.Variables,
                    ShutdownTimeout = TimeSpan.FromMilliseconds(200),
                }
            ),
            new McpClientOptions { DiscoverProbeTimeout = Timeout.InfiniteTimeSpan }
        );
        var result = await client.CallToolAsync(tool, arguments);
        Console.WriteLine(
            $"{tool} answered: {string.Join(' ', result.Content.OfType<TextContentBlock>().Select(static block => block.Text))}"
        );
    }
}
