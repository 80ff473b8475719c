namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>The plan and the memory as an agent works with them.</summary>
[Trait("kind", "smoke")]
public sealed class PlanAndMemoryDoorTests : IAsyncLifetime
{
    private readonly LoopWorkspace _workspace = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task Entry_Appended_IsFoundAtOnce()
    {
        var client = await _workspace.ConnectAsync(_workspace.StartStdio());
        await client.CallAsync(
            "append_memory",
            ("section", "commands"),
            ("content", "The port stays busy after a crash"),
            ("category", "failure"),
            ("mode", "debug")
        );
        await client.CallAsync("append_memory", ("section", "updates"), ("content", "Another port"));

        var answer = await client.CallAsync("search_memory", ("query", "BUSY port*"));

        answer.GetProperty("matching").GetInt32().Should().Be(1);
        answer.TryGetProperty("note", out _).Should().BeFalse();
        var hit = answer.GetProperty("hits")[0];
        hit.Text("snippet").Should().Be("The «port» stays «busy» after a crash");
        hit.Text("place").Should().Be("persistent-memory.md:5");
        (
            hit.Text("section"),
            hit.Text("mode"),
            hit.Text("category"),
            hit.GetProperty("archived").GetBoolean(),
            hit.GetProperty("seen").GetInt32()
        )
            .Should()
            .Be(("commands", "debug", "failure", false, 1));
        (await client.CallAsync("search_memory", ("query", "port"), ("section", "updates"), ("since", "2020-01-01T00:00:00Z")))
            .GetProperty("matching")
            .GetInt32()
            .Should()
            .Be(1);
        (await client.CallAsync("search_memory", ("query", "port"), ("since", "2999-01-01T00:00:00Z")))
            .GetProperty("matching")
            .GetInt32()
            .Should()
            .Be(0);
        (await client.CallAsync("search_memory", ("query", "port"), ("limit", 1))).GetProperty("hits").GetArrayLength().Should().Be(1);
        (await client.RefusalAsync("search_memory", ("query", "-port"))).Should().Contain("no word");
    }

    [Fact]
    public async Task Plan_ThroughTheTools_IsChangedItemByItem()
    {
        _workspace.Files.Write("TODO.md", "# Plan\r\n\r\n- [ ] First\r\n- [ ] Second");
        var client = await _workspace.ServeHereAsync(trusted: false);
        var first = (await client.CallAsync("list_todos")).GetProperty("items")[0].Text("id");

        var added = await client.CallAsync(
            "update_todo",
            ("action", "add"),
            ("text", "Third"),
            ("section", "Plan"),
            ("acceptance", "it runs")
        );
        var done = await client.CallAsync("update_todo", ("action", "check"), ("id", first));
        var again = await client.CallAsync("update_todo", ("action", "check"), ("id", first));
        await client.CallAsync("update_todo", ("action", "note"), ("id", added.Text("id")), ("text", "seen"));
        await client.CallAsync("update_todo", ("action", "check"), ("id", "second"));
        await client.CallAsync("update_todo", ("action", "uncheck"), ("id", "second"));

        _workspace
            .Files.Read("TODO.md")
            .Should()
            .Be("# Plan\r\n\r\n- [x] First\r\n- [ ] Second\r\n- [ ] Third\r\n  - **Acceptance**: it runs\r\n  - seen\r\n");
        (added.GetProperty("changed").GetBoolean(), added.GetProperty("line").GetInt32(), added.Text("section"))
            .Should()
            .Be((true, 5, "Plan"));
        (done.GetProperty("changed").GetBoolean(), done.GetProperty("completed").GetBoolean(), done.Text("id"))
            .Should()
            .Be((true, true, first));
        again.GetProperty("changed").GetBoolean().Should().BeFalse();
        var list = await client.CallAsync("list_todos");
        (list.GetProperty("items").GetArrayLength(), list.GetProperty("total").GetInt32(), list.GetProperty("completed").GetInt32())
            .Should()
            .Be((2, 3, 1));
        (await client.RefusalAsync("update_todo", ("action", "check"), ("id", "Thirt")))
            .Should()
            .Contain(added.Text("id"))
            .And.Contain("Near it");
        (await client.RefusalAsync("update_todo", ("action", "check"))).Should().Contain("'id' is missing");
        (await client.RefusalAsync("update_todo", ("action", "note"), ("id", first))).Should().Contain("'text' is missing");
        (await client.RefusalAsync("update_todo", ("action", "check"), ("id", first), ("text", "x")))
            .Should()
            .Contain("'text' does not go with 'check'");
        (await client.RefusalAsync("update_todo", ("action", "add"), ("id", first), ("text", "x")))
            .Should()
            .Contain("'id' does not go with 'add'");
    }
}
