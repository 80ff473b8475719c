using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using LoopOrchestrator.Mcp.Tests.EndToEnd;
using LoopOrchestrator.Mcp.Tools.Calls;
using LoopOrchestrator.Testing;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tests.Tools;

/// <summary>
/// Where there is much of everything, no tool that only looks answers more than a cautious client hands on whole, in either form, unless it
/// says that its answers may be long; and what is left out is told, with the way to it.
/// </summary>
public sealed class AnswerSizeTests : IAsyncDisposable
{
    private static readonly string Text =
        string.Concat(Enumerable.Repeat("A long text with \"quotes\", <signs>, é, 界 and all that people write. ", 12)) + "End.";

    private readonly LoopWorkspace _workspace = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public Task Answers_OfToolsThatOnlyLook_AreShortOrSaidToBeLong() => AskAllAsync(new(60, 40, 60, 150, 60));

    [Fact(Explicit = true)]
    [Trait("kind", "soak")]
    public Task Answers_WithMuchOfEverything_AreShortOrSaidToBeLong() => AskAllAsync(new(300, 500, 200, 2_000, 500));

    [Fact]
    public async Task Modes_OnPages_AreAllThereOnceInTheirOrder()
    {
        const int Modes = 100;
        _workspace.WriteConfiguration();
        WriteModes(Modes);
        var client = await _workspace.ServeHereAsync();
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await client.CallAsync("list_modes", ("cursor", cursor));
            seen.AddRange(page.GetProperty("modes").EnumerateArray().Select(static mode => mode.Text("slug")));
            cursor = page.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
        } while (cursor is not null);

        seen.Should().OnlyHaveUniqueItems().And.HaveCountGreaterThanOrEqualTo(Modes).And.Contain("mode-0").And.Contain($"mode-{Modes - 1}");
        (await client.RefusalAsync("list_modes", ("cursor", "nowhere"))).Should().Contain("is not one of list_modes");
    }

    private async Task AskAllAsync(Numbers numbers)
    {
        var run = await FillAsync(numbers);
        var client = await _workspace.ServeHereAsync("all");
        var tools = (await client.ListToolsAsync(cancellationToken: Cancellation))
            .Where(static tool => tool.ProtocolTool.Annotations?.ReadOnlyHint is true)
            .ToList();
        var arguments = new Dictionary<string, (string Name, object? Value)[]>(StringComparer.Ordinal)
        {
            ["get_run"] = [("run_id", run)],
            ["get_cycle"] = [("cycle_id", "run-none")],
            ["get_status"] = [],
            ["get_timing"] = [("limit", 1000), ("longer_than", 1)],
            ["list_cycles"] = [("limit", 100)],
            ["list_modes"] = [],
            ["list_runs"] = [("limit", 200)],
            ["list_schedules"] = [("include_inactive", true)],
            ["list_todos"] = [("limit", 1000)],
            ["read_memory"] = [],
            ["search_memory"] = [("query", "people"), ("limit", 100)],
        };

        tools.Select(static tool => tool.Name).Should().BeSubsetOf(arguments.Keys, "a new tool is asked here, too");
        foreach (var tool in tools)
        {
            var result = await client.TryCallAsync(tool.Name, arguments[tool.Name]);
            if (result.IsError is true && tool.Name == "get_cycle")
            {
                // Without a cycle that is at work its refusal is short as well.
                result.Text().Length.Should().BeLessThan(AnswerLimits.ShortBytes);
                continue;
            }

            result.IsError.Should().NotBeTrue(result.Text());
            var most = tool.ProtocolTool.Meta?.ContainsKey(ToolMeta.MaxResultSize) is true ? int.MaxValue : AnswerLimits.ShortBytes;
            Bytes(result.StructuredContent!.Value.GetRawText()).Should().BeLessThanOrEqualTo(most, tool.Name);
            result.Content.OfType<TextContentBlock>().Sum(static block => Bytes(block.Text)).Should().BeLessThanOrEqualTo(most, tool.Name);
        }

        var status = await client.CallAsync("get_status");
        status.GetProperty("schedules").GetArrayLength().Should().BeLessThan(numbers.Schedules);
        status.GetProperty("findings")[0].GetString().Should().StartWith("Left out because").And.Contain("loop://status");
        (await client.CallAsync("list_schedules")).GetProperty("findings")[0].GetString().Should().Contain("loop://schedules");
        (await client.CallAsync("get_timing", ("limit", 1000))).Text("note").Should().Contain("loop://timing");
    }

    private static int Bytes(string text) => Encoding.UTF8.GetByteCount(text);

    private async Task<string> FillAsync(Numbers numbers)
    {
        _workspace.WriteConfiguration();
        WriteModes(numbers.Modes);
        _workspace.WriteSchedules([
            .. Enumerable
                .Range(0, numbers.Schedules)
                .Select(index =>
                {
                    var schedule = LoopWorkspace.DueNow($"schedule-{index}", $"mode-{index % numbers.Modes}");
                    schedule["name"] = $"{index} {Text}";
                    schedule["startDate"] = "2099-01-01T00:00:00Z";
                    return schedule;
                }),
        ]);
        _workspace.Files.Write(
            "task_timing.tsv",
            "timestamp\tmode\ttask_id\tstart_time\tend_time\tduration\ttask\tresult\tpriority\n"
                + Lines(numbers.Rows, index =>
                    $"2026-01-{(index % 28) + 1:00}T03:05:05Z\tmode-{index % numbers.Modes}\tid-{index}\t"
                    + $"2026-01-{(index % 28) + 1:00}T03:04:05Z\t"
                    + $"2026-01-{(index % 28) + 1:00}T03:05:05Z\t60\t{index} {Text}\t{Text}\tnormal"
                )
        );
        _workspace.Files.Write("TODO.md", "# TODO\n\n" + Lines(numbers.Entries, static index => $"- [ ] item {index} {Text}"));
        _workspace.Files.Write(
            "persistent-memory.md",
            "# System Updates & Status\n\n"
                + Lines(numbers.Entries, static index => $"- [2026-01-04T00:00:00.000Z] [code] - entry {index} {Text}")
        );
        var ids = await RecordedState.AddRunsAsync(_workspace.Files.Paths, numbers.Runs, Text, Cancellation);
        return ids[0];
    }

    private void WriteModes(int count) =>
        _workspace.Files.Write(
            ".roomodes",
            new JsonObject
            {
                ["customModes"] = new JsonArray([
                    .. Enumerable
                        .Range(0, count)
                        .Select(static index => new JsonObject
                        {
                            ["slug"] = $"mode-{index}",
                            ["name"] = $"Mode {index}",
                            ["roleDefinition"] = Text,
                            ["whenToUse"] = Text,
                            ["groups"] = new JsonArray("read", "edit"),
                        }),
                ]),
            }.ToJsonString()
        );

    private static string Lines(int count, Func<int, string> line) =>
        string.Concat(Enumerable.Range(0, count).Select(index => string.Create(CultureInfo.InvariantCulture, $"{line(index)}\n")));

    private sealed record Numbers(int Schedules, int Runs, int Modes, int Rows, int Entries);
}
