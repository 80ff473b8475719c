using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LoopOrchestrator.Mcp.Tools.Calls;
using LoopOrchestrator.Testing.Processes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>
/// Answers stay small enough for a model, whatever others wrote into the files; and arguments that nobody can read are told.
/// </summary>
public sealed class AnswerLimitDoorTests : IAsyncLifetime
{
    /// <summary>On the wire, where an answer is there twice.</summary>
    private const int Bound = 300 * 1024;
    private const int Many = 200;
    private static readonly string Long = new('x', 20_000);

    // What a client can send in the place of the arguments, and what it is told.
    private static readonly Dictionary<string, string> Unreadable = new(StringComparer.Ordinal)
    {
        ["""{"query":"\ud800"}"""] = "The argument 'query' contains half of a character (a lone surrogate); send whole characters.",
        ["""{"query":"a","section":"\udc00b"}"""] = "The argument 'section' contains half of a character",
        ["""{"\ud800":1}"""] = "The name of an argument contains half of a character",
        ["""[1]"""] = "'arguments' must be an object with a member for each argument, and is a list.",
        ["\"x\""] = "'arguments' must be an object with a member for each argument, and is a single value.",
    };

    private readonly LoopWorkspace _workspace = new();

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are counted in /proc.");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task Lists_OfLongForeignTexts_AreCutAndCounted()
    {
        _workspace.WriteConfiguration();
        _workspace.Files.Write(
            "task_timing.tsv",
            "timestamp\tmode\ttask_id\tstart_time\tend_time\tduration\ttask\tresult\tpriority\n"
                + Rows(static index =>
                    $"2026-01-02T03:05:05Z\tcode\tid-{index}\t2026-01-02T03:04:05Z\t2026-01-02T03:05:05Z\t60\t{index} "
                    + $"{Long}\t{Long}\tnormal"
                )
        );
        _workspace.Files.Write("TODO.md", "# TODO\n\n" + Rows(static index => $"- [ ] item {index} {Long}"));
        _workspace.Files.Write(
            "persistent-memory.md",
            "# System Updates & Status\n\n" + Rows(static index => $"- [2026-01-04T00:00:00.000Z] [code] - entry {index} {Long}")
        );
        _workspace.WriteSchedules([.. Enumerable.Range(0, Many).Select(static index => Named($"id-{index}"))]);
        var (_, client) = await _workspace.ServeAsync();

        (await AnswerAsync(client, "get_timing", ("limit", 1000)))
            .Text("note")
            .Should()
            .Contain("Left out because")
            .And.Contain(" in latest");
        var todos = await AnswerAsync(client, "list_todos", ("limit", 1000));
        var memory = await AnswerAsync(client, "read_memory");
        var schedules = await AnswerAsync(client, "list_schedules", ("include_inactive", true));

        todos.GetProperty("matching").GetInt32().Should().Be(Many);
        todos.Lines("findings").Should().Contain($"{Many - todos.GetProperty("items").GetArrayLength()} of {Many} in items");
        todos.GetProperty("items")[0].Text("title").Should().StartWith("item 0 xxx").And.EndWith("…[+18,007 characters]");
        memory.GetProperty("entries").GetArrayLength().Should().BeInRange(10, Many - 1);
        memory.Lines("findings").Should().Contain($"of {Many} in entries");
        memory
            .GetProperty("entries")
            .EnumerateArray()
            .Last()
            .Text("text")
            .Should()
            .StartWith($"entry {Many - 1} ", "what is new matters most");
        schedules.GetProperty("schedules").GetArrayLength().Should().BeInRange(10, Many - 1);
        schedules.GetProperty("schedules")[0].Text("id").Should().Be("id-0");
        await AnswerAsync(client, "search_memory", ("query", "entry"), ("limit", 100));
        await AnswerAsync(client, "get_status");
    }

    [Fact]
    public async Task PagesOfRuns_EndWhereTheAnswerWouldBeTooLarge_AndLeaveNoneOut()
    {
        _workspace.WriteConfiguration();
        var client = await _workspace.ServeHereAsync();
        var expected = new List<string>();
        for (var index = 0; index < 60; index++)
        {
            var id = (await client.CallAsync("run_mode", ("mode", "code"), ("task", $"Task {index}"), ("agent", "handoff"))).Text("run_id");
            await client.CallAsync("cancel_run", ("run_id", id), ("reason", new string('\u754c', 1000)));
            expected.Add(id);
        }

        var seen = new List<string>();
        var pages = 0;
        for (string? cursor = null; pages == 0 || cursor is not null; pages++)
        {
            var page = await AnswerAsync(client, "list_runs", ("limit", 200), ("cursor", cursor));
            Encoding.UTF8.GetByteCount(page.GetRawText()).Should().BeLessThan(AnswerLimits.PageBytes + 64, "clients cut what is longer");
            seen.AddRange(page.GetProperty("runs").EnumerateArray().Select(static run => run.Text("run_id")));
            cursor = page.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
        }

        pages.Should().BeGreaterThan(1);
        seen.Should().Equal(expected.AsEnumerable().Reverse());
    }

    [Fact]
    public async Task Memory_OfOrdinarySize_IsAnsweredWhole()
    {
        _workspace.WriteConfiguration();
        var text = new string('y', 140);
        _workspace.Files.Write(
            "persistent-memory.md",
            "# System Updates & Status\n\n"
                + string.Concat(
                    Enumerable.Range(0, 294).Select(index => $"- [2026-01-04T00:00:00.000Z] [code] - entry {index} \"{text}\"\n")
                )
                + $"- [2026-01-04T00:00:00.000Z] [code] - {new string('z', 6000)}\n"
        );
        var client = await _workspace.ServeHereAsync();

        var entries = (await AnswerAsync(client, "read_memory")).GetProperty("entries");

        entries.GetArrayLength().Should().Be(295);
        entries[294].Text("text").Should().HaveLength(6000);
        entries[293].Text("text").Should().Be($"entry 293 \"{text}\"");
    }

    [Fact]
    public async Task Schedule_Unknown_IsToldInShort()
    {
        _workspace.WriteConfiguration();
        _workspace.WriteSchedules([.. Enumerable.Range(0, 20).Select(static index => Named($"{index}-{Long}"))]);
        var client = await _workspace.ConnectAsync(await _workspace.StartHttpAsync("--trust-workspace", "--toolsets", "all"));

        (await client.RefusalAsync("trigger_schedule", ("schedule_id", "none")))
            .Should()
            .Match<string>(static text => text.Length < 8100)
            .And.Contain("There is no schedule 'none'")
            .And.Contain("'1-xxx");
        (await client.RefusalAsync("delete_schedule", ("schedule_id", "none")))
            .Should()
            .Match<string>(static text => text.Length < 8100)
            .And.Contain("There is no schedule 'none'");
    }

    [Fact]
    public async Task Arguments_ThatCannotBeRead_AreToldByTheTool()
    {
        _workspace.WriteConfiguration();
        var server = _workspace.StartStdio();
        using var reader = new StreamReader(server.Output);
        await SendAsync(
            server,
            """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}"""
        );
        await reader
            .ReadLineAsync(TestContext.Current.CancellationToken)
            .AsTask()
            .WaitAsync(ServerProcess.HangGuard, TestContext.Current.CancellationToken);
        await SendAsync(server, """{"jsonrpc":"2.0","method":"notifications/initialized"}""");

        foreach (var (arguments, expected) in Unreadable)
        {
            await SendAsync(
                server,
                $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search_memory","arguments":{{{arguments}}} } }"""
            );
            var line = await reader
                .ReadLineAsync(TestContext.Current.CancellationToken)
                .AsTask()
                .WaitAsync(ServerProcess.HangGuard, TestContext.Current.CancellationToken);

            using var answer = JsonDocument.Parse(line!);
            var result = answer.RootElement.GetProperty("result");
            result.GetProperty("isError").GetBoolean().Should().BeTrue(arguments);
            result
                .GetProperty("content")[0]
                .Text("text")
                .Should()
                .StartWith("search_memory was not called. ")
                .And.Contain(expected, arguments);
        }

        server.ErrorText.Should().NotContain("   at ");
    }

    private static async Task SendAsync(ServerProcess server, string line)
    {
        await server.Input.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), TestContext.Current.CancellationToken);
        await server.Input.FlushAsync(TestContext.Current.CancellationToken);
    }

    private static string Rows(Func<int, string> row) =>
        string.Concat(Enumerable.Range(0, Many).Select(index => string.Create(CultureInfo.InvariantCulture, $"{row(index)}\n")));

    private static JsonObject Named(string id)
    {
        var schedule = LoopWorkspace.DueNow(id);
        schedule["name"] = Long;
        schedule["active"] = false;
        return schedule;
    }

    private static async Task<JsonElement> AnswerAsync(
        McpClient client,
        string tool,
        params IEnumerable<(string Name, object? Value)> arguments
    )
    {
        var result = await client.TryCallAsync(tool, arguments);
        result.IsError.Should().NotBeTrue(result.Text());
        var content = result.StructuredContent!.Value;
        Encoding
            .UTF8.GetByteCount(JsonSerializer.Serialize<CallToolResult>(result, ModelContextProtocol.McpJsonUtilities.DefaultOptions))
            .Should()
            .BeLessThan(Bound, $"{tool} answers a model");
        var expected = JsonNode.Parse(content.GetRawText())!.AsObject();
        if (expected["brief"] is { } brief)
        {
            expected.Remove("brief");
            result.Content.OfType<TextContentBlock>().Last().Text.Should().Be(brief.GetValue<string>(), "a model reads it as it is");
        }

        result.ShouldHoldAllInItsText(tool);
        return content;
    }
}
