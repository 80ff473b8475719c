using System.Text;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>What people attach and pick in their client. That both eras have it is in <c>HttpTests</c>.</summary>
public sealed class ResourceDoorTests : IAsyncLifetime
{
    private const int MaxBytes = 32 * 1024;

    private readonly LoopWorkspace _workspace = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task Resources_OfASmallWorkspace_SayWhatTheToolsSay()
    {
        _workspace.WriteSchedules(LoopWorkspace.DueNow("one"));
        _workspace.Files.Write("TODO.md", "# TODO\n\n- [ ] Paint it\n");
        var client = await _workspace.ServeHereAsync(trusted: false);
        await client.CallAsync("append_memory", ("section", "patterns"), ("content", "It needs oil."));
        var id = (await client.CallAsync("run_mode", ("mode", "code"), ("task", "Look around."))).Text("run_id");

        (await JsonAsync(client, "loop://schedules")).GetProperty("schedules")[0].Text("id").Should().Be("one");
        (await JsonAsync(client, "loop://schedules/one")).Text("name").Should().Be("Schedule one");
        (await JsonAsync(client, "loop://todo")).GetProperty("items")[0].Text("title").Should().Be("Paint it");
        foreach (var uri in (string[])["loop://memory", "loop://memory?section=patterns", "loop://memory?section=patterns&page=1"])
        {
            (await JsonAsync(client, uri)).GetProperty("entries")[0].Text("text").Should().Be("It needs oil.");
        }

        (await JsonAsync(client, "loop://memory?section=commands")).GetProperty("entries").GetArrayLength().Should().Be(0);
        (await JsonAsync(client, "loop://timing")).GetProperty("open")[0].Text("task_id").Should().Be(id);
        (await JsonAsync(client, "loop://status")).GetProperty("running")[0].Text("run_id").Should().Be(id);
        (await JsonAsync(client, $"loop://runs/{id}")).Text("brief").Should().Contain("Look around.");
        (await TextAsync(client, $"loop://runs/{id}/log")).Should().Contain("a hand-off prints nothing here");
        (await TextAsync(client, "loop://modes/code"))
            .Should()
            .StartWith("# Code (`code`)")
            .And.Contain("## Role")
            .And.Contain("- Agent: ");
    }

    [Fact]
    public async Task Resources_ThatAreLong_ComeInPagesThatLeaveNothingOut()
    {
        var text = new string('\u754c', 120);
        _workspace.Files.Write(
            "TODO.md",
            "# TODO\n\n" + string.Concat(Enumerable.Range(0, 300).Select(index => $"- [ ] item {index} {text}\n"))
        );
        _workspace.Files.Write(
            "persistent-memory.md",
            "# System Updates & Status\n\n"
                + string.Concat(Enumerable.Range(0, 200).Select(index => $"- [2026-01-04T00:00:00.000Z] [code] - entry {index} {text}\n"))
        );
        var client = await _workspace.ServeHereAsync(trusted: false);

        var some = await client.CallAsync("list_todos");
        some.Lines("findings").Should().Contain("50 of 300 items are shown").And.Contain("loop://todo");
        var items = await PagesAsync(client, "loop://todo", "items", "title");
        items.Should().Equal(Enumerable.Range(0, 300).Select(index => $"item {index} {text}"));
        var entries = await PagesAsync(client, "loop://memory?section=updates", "entries", "text");
        entries.Should().Equal(Enumerable.Range(0, 200).Reverse().Select(index => $"entry {index} {text}"), "what is new matters most");
    }

    [Fact]
    public async Task Log_OfARunThatPrints_HasItsEndFirstAndTheWayToTheRest()
    {
        _workspace.AddShell("talker", "cat >/dev/null; i=0; while [ $i -lt 9000 ]; do echo line $i; i=$((i+1)); done");
        _workspace.WriteConfiguration();
        var client = await _workspace.ServeHereAsync();
        var id = await client.StartRunAsync("talker");
        await client.EndOfRunAsync(id);

        var end = await TextAsync(client, $"loop://runs/{id}/log");
        end.Should().StartWith($"[the end of the output; its start: loop://runs/{id}/log?cursor=0]\n").And.Contain("line 8999\n");
        var seen = new StringBuilder();
        for (var uri = $"loop://runs/{id}/log?cursor=0"; uri is not null;)
        {
            var part = (await TextAsync(client, uri)).TrimEnd('\n');
            var last = part[(part.LastIndexOf('\n') + 1)..];
            seen.Append(part[..^(last.Length + 1)]);
            uri = last == "[the end]" ? null : last["[goes on: ".Length..^1];
        }

        seen.ToString().Should().Be(string.Concat(Enumerable.Range(0, 9000).Select(static index => $"line {index}\n")));
    }

    [Theory]
    [InlineData("loop://runs/", "There is no run ''")]
    [InlineData("loop://runs/..%2F..%2Fetc/log", "There is no run")]
    [InlineData("loop://schedules/none", "There is no schedule 'none'")]
    [InlineData("loop://modes/cod", "Nearest: code")]
    [InlineData("loop://memory?section=none", "patterns, commands, updates")]
    [InlineData("loop://todo?page=2", "has 1 page(s)")]
    [InlineData("loop://todo?page=-1", "Ask for 1 first")]
    [InlineData("loop://nothing", "resources/list")]
    public async Task Resource_ThatIsNotThere_IsSaidWithWhatThereIs(string uri, string expected)
    {
        var client = await _workspace.ServeHereAsync(trusted: false);

        var read = async () => await client.ReadResourceAsync(uri, cancellationToken: Cancellation);

        var refusal = (await read.Should().ThrowAsync<McpProtocolException>()).Which;
        refusal.ErrorCode.Should().Be(McpErrorCode.InvalidParams);
        refusal.Message.Should().Contain(expected);
    }

    [Fact]
    public async Task Prompts_AreTheModesInForce_AlsoThoseThatComeLater()
    {
        var client = await _workspace.ServeHereAsync(trusted: false);
        var before = await client.ListPromptsAsync(cancellationToken: Cancellation);
        before.Select(static prompt => prompt.Name).Should().Contain("work_the_loop").And.Contain("code").And.NotContain("painter");
        foreach (var prompt in before)
        {
            prompt.Title.Should().NotBeNullOrEmpty(prompt.Name);
            prompt.Description.Should().NotBeNullOrEmpty(prompt.Name);
            prompt.ProtocolPrompt.Icons.Should().ContainSingle(prompt.Name);
        }

        _workspace.Files.Write(
            ".roomodes",
            """{"customModes":[{"slug":"painter","name":"Painter","roleDefinition":"You paint.","groups":["read"]}]}"""
        );

        (await client.ListPromptsAsync(cancellationToken: Cancellation)).Should().Contain(static prompt => prompt.Name == "painter");
        var text = await PromptAsync(client, "painter", ("task", "Paint the fence."));
        text.Should().Contain("run_mode").And.Contain("mode \"painter\"").And.Contain("Paint the fence.").And.Contain("complete_run");
        (await PromptAsync(client, "work_the_loop")).Should().Contain("Call claim_run with wait_seconds 45.").And.Contain("complete_run");
        (await PromptAsync(client, "work_the_loop", ("mode", "painter"))).Should().Contain("claim_run with mode \"painter\" and wait");
    }

    [Theory]
    [InlineData("code", null, "needs the argument 'task'")]
    [InlineData("cod", "task", "Nearest: code")]
    [InlineData("work_the_loop", "mod", "Did you mean 'mode'?")]
    [InlineData("work_the_loop", "mode", "There is no mode or prompt 'x'")]
    public async Task Prompt_AskedWrongly_SaysWhatIsMeant(string name, string? argument, string expected)
    {
        var client = await _workspace.ServeHereAsync(trusted: false);

        var get = async () => await PromptAsync(client, name, argument is null ? [] : [(argument, "x")]);

        var refusal = (await get.Should().ThrowAsync<McpProtocolException>()).Which;
        refusal.ErrorCode.Should().Be(McpErrorCode.InvalidParams);
        refusal.Message.Should().Contain(expected);
    }

    [Fact]
    public async Task Completions_OfSlugsIdsAndSections_BeginWithWhatWasTyped()
    {
        _workspace.WriteSchedules(LoopWorkspace.DueNow("nightly"));
        var client = await _workspace.ServeHereAsync(trusted: false);
        var id = (await client.CallAsync("run_mode", ("mode", "code"), ("task", "x"))).Text("run_id");
        var prompt = new PromptReference { Name = "work_the_loop" };

        (await CompleteAsync(client, prompt, "mode", "cod")).Should().StartWith(["code"]);
        (await CompleteAsync(client, Template("loop://modes/{slug}"), "slug", "implementation-c")).Should().Equal("implementation-core");
        (await CompleteAsync(client, Template("loop://runs/{id}"), "id", "run-")).Should().Contain(id);
        (await CompleteAsync(client, Template("loop://runs/{id}/log"), "id", id[^6..])).Should().Equal(id);
        (await CompleteAsync(client, Template("loop://schedules/{id}"), "id", "")).Should().Equal("nightly");
        (await CompleteAsync(client, Template("loop://memory{?section,page}"), "section", "p")).Should().StartWith(["patterns"]);
        (await CompleteAsync(client, Template("loop://cycles/{id}"), "id", "")).Should().BeEmpty();
        (await CompleteAsync(client, Template("loop://nothing/{id}"), "id", "")).Should().BeEmpty();

        // What is completed is what is there: each template that is named above is one of the list.
        (await client.ListResourceTemplatesAsync(cancellationToken: Cancellation))
            .Select(static template => template.UriTemplate)
            .Should()
            .Contain(["loop://modes/{slug}", "loop://runs/{id}", "loop://runs/{id}/log", "loop://schedules/{id}", "loop://cycles/{id}"])
            .And.Contain("loop://memory{?section,page}");
    }

    private static ResourceTemplateReference Template(string uri) => new() { Uri = uri };

    private static async Task<IList<string>> CompleteAsync(McpClient client, Reference reference, string argument, string typed) =>
        (await client.CompleteAsync(reference, argument, typed, cancellationToken: Cancellation)).Completion.Values;

    private static async Task<string> PromptAsync(McpClient client, string name, params (string Name, object? Value)[] arguments) =>
        (
            await client.GetPromptAsync(
                name,
                arguments.ToDictionary(static one => one.Name, static one => one.Value, StringComparer.Ordinal),
                cancellationToken: Cancellation
            )
        )
            .Messages.Should()
            .ContainSingle()
            .Which.Content.Should()
            .BeOfType<TextContentBlock>()
            .Which.Text;

    private static async Task<List<string>> PagesAsync(McpClient client, string uri, string list, string member)
    {
        var seen = new List<string>();
        var pages = 0;
        for (var next = uri; next is not null; pages++)
        {
            var page = await JsonAsync(client, next);
            seen.AddRange(page.GetProperty(list).EnumerateArray().Select(item => item.Text(member)));
            next = page.TryGetProperty("next", out var more) ? more.GetString() : null;
        }

        pages.Should().BeGreaterThan(1);
        return seen;
    }

    private static async Task<JsonElement> JsonAsync(McpClient client, string uri)
    {
        using var document = JsonDocument.Parse(await TextAsync(client, uri));
        return document.RootElement.Clone();
    }

    private static async Task<string> TextAsync(McpClient client, string uri)
    {
        var read = await client.ReadResourceAsync(uri, cancellationToken: Cancellation);
        var contents = read.Contents.Should().ContainSingle().Which.Should().BeOfType<TextResourceContents>().Subject;
        contents.Uri.Should().Be(uri);
        Encoding.UTF8.GetByteCount(contents.Text).Should().BeLessThanOrEqualTo(MaxBytes + 512, uri);
        return contents.Text;
    }
}
