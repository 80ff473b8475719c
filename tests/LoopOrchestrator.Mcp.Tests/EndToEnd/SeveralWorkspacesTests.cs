using System.Net;
using System.Text.Json.Nodes;
using LoopOrchestrator.Mcp.Tests.Pages;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Clients;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>One server for several workspaces, over its doors. Each test has a configuration folder of its own.</summary>
public sealed class SeveralWorkspacesTests : SeveralWorkspacesBase
{
    private const string Schedule = """
        {"schedules":[{"id":"plan","name":"The plan","mode":"planning-priorities","taskInstructions":"Look",
         "scheduleType":"time","timeInterval":"10","timeUnit":"minute","active":true}]}
        """;

    [Fact]
    public async Task Calls_NameTheirWorkspace_AndEachKeepsItsOwn()
    {
        var (api, web) = (Folder("api"), Folder("web"));
        Write("web", "schedules.json", Schedule);
        await RunAsync("workspace", "add", "shop", web);
        await RunAsync("trust", "--workspace", "shop");
        await using var server = await StartAsync("--workspace", api, "--workspace", "shop");
        await using var client = await server.ConnectHttpAsync(ProtocolEra.Stateless, token: null, Token);

        var tools = await client.ListToolsAsync(cancellationToken: Token);
        await client.CallAsync("update_todo", ("action", "add"), ("text", "Of the first"));
        await client.CallAsync("update_todo", ("action", "add"), ("text", "Of the shop"), ("workspace", "shop"));
        await client.CallAsync("update_todo", ("action", "add"), ("text", "By its folder"), ("workspace", web));
        var first = await client.CallAsync("get_status");
        var second = await client.CallAsync("get_status", ("workspace", "SHOP"));

        tools
            .Should()
            .AllSatisfy(static tool =>
                tool.JsonSchema.GetProperty("properties")
                    .GetProperty("workspace")
                    .GetProperty("description")
                    .GetString()
                    .Should()
                    .Be("The workspace: api, shop, or its folder. Default: api.")
            );
        Read("api", "TODO.md").Should().Contain("Of the first").And.NotContain("Of the shop");
        Read("web", "TODO.md").Should().Contain("Of the shop").And.Contain("By its folder").And.NotContain("Of the first");
        (Text(first, "workspace"), Text(second, "workspace")).Should().Be((api, web));
        (first.GetProperty("trusted").GetBoolean(), second.GetProperty("trusted").GetBoolean()).Should().Be((false, true));
        first
            .GetProperty("findings")
            .EnumerateArray()
            .Select(static finding => finding.GetString())
            .Should()
            .Contain($"workspaces: 'shop' ({web}) is served too");
        var run = await Eventually.FindAsync("the shop's schedule has fired", async () =>
            RunsOf(await client.CallAsync("list_runs", ("workspace", "shop"))).FirstOrDefault()
        );
        (await client.RefusalAsync("get_run", ("run_id", run))).Should().Contain(run, "it is none of the first");
        Text(await client.CallAsync("get_run", ("run_id", run), ("workspace", "shop")), "schedule_id").Should().Be("plan");
        RunsOf(await client.CallAsync("list_runs")).Should().BeEmpty();
        foreach (var (folder, count) in new[] { ("api", 1), ("web", 2) })
        {
            await Eventually.TrueAsync($"the audit log of {folder} has its own calls", () =>
                Audited(folder).Count(static line => line.Contains("update_todo", StringComparison.Ordinal)) == count
            );
        }
    }

    [Fact]
    public async Task Trouble_InOne_StopsNoneOfTheOthersAndEndsWhenItIsMended()
    {
        var (api, gone) = (Folder("api"), Path.Combine(Root, "gone"));
        Folder("broken");
        Write("broken", "mcp_startup.json", "{");
        await using var server = await StartAsync("--workspace", Folder("broken"), "--workspace", api, "--workspace", gone);
        await using var client = await server.ConnectHttpAsync(ProtocolEra.Stateless, token: null, Token);
        using var http = new HttpClient { BaseAddress = server.Address };

        var byDefault = await client.RefusalAsync("update_todo", ("action", "add"), ("text", "Nowhere"));
        var unknown = await client.RefusalAsync("get_status", ("workspace", "apy"));
        foreach (var none in new[] { "", "/", "/\0", "../api", new string('/', 5000) })
        {
            (await client.RefusalAsync("get_status", ("workspace", none))).Should().Contain("is no workspace of this server");
        }

        (await client.RefusalAsync("get_status", ("workspace", 7))).Should().Contain("'7' is no workspace of this server");
        await client.CallAsync("update_todo", ("action", "add"), ("text", "Here"), ("workspace", "api"));
        var ready = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), Token);
        var checks = JsonNode.Parse(await ready.Content.ReadAsStringAsync(Token))!["checks"]!.AsArray();
        var own = await http.GetAsync(new Uri("/w/api/health/ready", UriKind.Relative), Token);

        byDefault.Should().Contain("'broken'").And.Contain("mcp_startup.json").And.Contain("Served are: api.");
        unknown.Should().Contain("'apy' is no workspace of this server; did you mean 'api'?").And.Contain("broken, api, gone");
        Read("api", "TODO.md").Should().Contain("Here").And.NotContain("Nowhere");
        ready.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        checks
            .Where(static check => !(bool)check!["ok"]!)
            .Select(static check => (string)check!["name"]!)
            .Should()
            .Equal("broken: served", "gone: served");
        own.StatusCode.Should().Be(HttpStatusCode.OK);

        Write("broken", "mcp_startup.json", "{}");
        Directory.CreateDirectory(gone);
        foreach (var name in new[] { "broken", "gone" })
        {
            await UntilAsync($"'{name}' is served", async () =>
                (await client.TryCallAsync("get_status", [("workspace", name)])).IsError is not true
            );
        }

        await client.CallAsync("update_todo", ("action", "add"), ("text", "There"));
        Read("broken", "TODO.md").Should().Contain("There");
    }

    [Fact]
    public async Task Stdio_WithAllWorkspaces_ServesThemAndEndsInOrder()
    {
        var (api, web) = (Folder("api"), Folder("web"));
        await RunAsync("workspace", "add", "api", api);
        await RunAsync("workspace", "add", "shop", web);
        await using var server = ServerProcess.Start(Start("--mode", "stdio", "--all-workspaces"));
        await using (var client = await server.ConnectStdioAsync(ProtocolEra.Stateless, Token))
        {
            await client.CallAsync("append_memory", ("section", "patterns"), ("content", "Of the shop"), ("workspace", "shop"));
            (await client.ReadResourceAsync("loop://memory", cancellationToken: Token)).Contents.Should().ContainSingle();
        }

        server.Input.Close();

        (await server.WaitForExitAsync()).Should().Be(0, server.ErrorText);
        Read("web", "persistent-memory.md").Should().Contain("Of the shop");
        File.Exists(Path.Combine(api, "persistent-memory.md")).Should().BeFalse();
    }

    [Fact]
    public async Task Workspace_ThatAServerOfOneDoesNotServe_IsRefusedAndNothingIsDone()
    {
        var (api, web) = (Folder("api"), Folder("web"));
        await using var server = ServerProcess.Start(Start("--mode", "stdio", "--workspace", api));
        await using var client = await server.ConnectStdioAsync(ProtocolEra.Stateless, Token);

        var tools = await client.ListToolsAsync(cancellationToken: Token);
        var refused = await client.RefusalAsync("update_todo", ("action", "add"), ("text", "No"), ("workspace", web));
        await client.CallAsync("update_todo", ("action", "add"), ("text", "Yes"), ("workspace", api));
        await client.CallAsync("update_todo", ("action", "add"), ("text", "Too"), ("workspace", "api"));

        // A name that the user has given another is that one's, whatever this folder is called.
        await RunAsync("workspace", "add", "api", web);
        var taken = await client.RefusalAsync("update_todo", ("action", "add"), ("text", "No"), ("workspace", "api"));

        tools.Should().AllSatisfy(static tool => tool.JsonSchema.ToString().Should().NotContain("\"workspace\""));
        refused.Should().Contain($"this server serves {api} alone");
        taken.Should().Contain($"this server serves {api} alone");
        Read("api", "TODO.md").Should().Contain("Yes").And.Contain("Too").And.NotContain("] No");
        Directory.GetFileSystemEntries(web).Should().BeEmpty();
    }

    [Fact]
    public async Task Pages_OfSeveral_HaveAnOverviewAndStandBelowTheirNames()
    {
        var (api, web) = (Folder("api"), Folder("web"));
        Write("web", "schedules.json", Schedule);
        Folder("broken");
        Write("broken", "mcp_startup.json", "{");
        await using var server = await StartAsync("--workspace", api, "--workspace", web, "--workspace", Folder("broken"));
        using var visitor = new PageVisitorHere(server.Address!);

        var overview = await visitor.GetAsync("/");
        var todo = await visitor.GetAsync("/w/web/todo");
        var sent = await visitor.PostAsync("/w/web/todo", "/w/web/todo/add", ("text", "From the page"));
        var old = await visitor.GetAsync("/runs?state=failed");
        var script = await visitor.GetAsync("/w/web/schedules");

        overview.Html.Should().ContainAll("All workspaces", "href=\"/w/api/\"", "href=\"/w/web/\"", "The plan", "Not served.");
        overview.Html.Should().NotContain("href=\"/runs\"");
        todo.Html.Should().ContainAll("data-base=\"/w/web\"", "href=\"/w/web/runs\"", "action=\"/w/web/todo");
        todo.Html.Should().Contain("<a href=\"/\">All workspaces</a>");
        sent.Status.Should().Be(303);
        sent.Header("Location").Should().StartWith("/w/web/todo");
        Read("web", "TODO.md").Should().Contain("From the page");
        (old.Status, old.Header("Location")).Should().Be((303, "/w/api/runs?state=failed"));
        script.Html.Should().Contain("The plan").And.Contain("src=\"/w/web/assets/");
        (await visitor.GetAsync("/w/api/schedules")).Html.Should().NotContain("The plan");
        (await visitor.GetAsync("/w/broken/")).Html.Should().Contain("is not served now");
        (await visitor.GetAsync("/w/none/")).Html.Should().Contain("It serves: api, web, broken.");
        (await visitor.GetAsync("/w/web/mcp")).Status.Should().Be(404);
    }

    [Fact]
    public async Task Overview_OnAChangeInAnyWorkspace_IsTold()
    {
        await RunAsync("workspace", "add", "shop", Folder("web"));
        await using var server = await StartAsync("--workspace", Folder("api"), "--workspace", "shop");
        using var http = new HttpClient { BaseAddress = server.Address };
        (await http.GetStringAsync(new Uri("/", UriKind.Relative), Token)).Should().Contain("<h1>All workspaces</h1>");
        (await http.GetStringAsync(new Uri("/w/shop/", UriKind.Relative), Token)).Should().Contain("<title>Now · shop · Loop");
        using var reader = new StreamReader(await http.GetStreamAsync(new Uri("/events", UriKind.Relative), Token));

        var told = Task.Run(
            async () =>
            {
                while (await reader.ReadLineAsync(Token) is { } line && line != "event: changed") { }
            },
            Token
        );

        // It begins to watch behind the beginning of the stream.
        await Eventually.TrueAsync("it was told", () =>
        {
            File.AppendAllText(Path.Combine(Root, "web", "TODO.md"), "- [ ] More\n");
            return told.IsCompletedSuccessfully;
        });
    }

    [Fact]
    public async Task Pages_WithAToken_AskForItBelowEachName()
    {
        var (api, web) = (Folder("api"), Folder("web"));
        var token = JsonNode.Parse((await RunAsync("token", "create", "desk", "--scope", "admin", "--json")).Output)!["token"]!.ToString();
        await using var server = await StartAsync("--workspace", api, "--workspace", web);
        using var visitor = new PageVisitorHere(server.Address!);

        var before = await visitor.GetAsync("/w/web/runs");
        var outside = await visitor.GetAsync("/");
        await visitor.SignInAsync(token);
        var inside = await visitor.GetAsync("/w/web/runs");

        (before.Status, before.Header("Location")).Should().Be((303, "/w/web/sign-in?next=%2Fruns"));
        (outside.Status, outside.Html.Contains("web", StringComparison.Ordinal)).Should().Be((303, false));
        (inside.Status, inside.Html.Contains("data-base=\"/w/web\"", StringComparison.Ordinal)).Should().Be((200, true));
        (await visitor.GetAsync("/")).Html.Should().Contain("href=\"/w/web/\"");
    }

    [Fact]
    public async Task Metrics_OfSeveral_SayOfWhichWorkspaceTheyAre()
    {
        Write("api", "mcp_startup.json", """{"telemetry":{"prometheus":true}}""");
        await using var server = await StartAsync("--workspace", Folder("api"), "--workspace", Folder("web"));
        await using var client = await server.ConnectHttpAsync(ProtocolEra.Stateless, token: null, Token);
        using var http = new HttpClient { BaseAddress = server.Address };

        await client.CallAsync("run_mode", ("mode", "code"), ("task", "Do it"), ("workspace", "web"));
        var text = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Token);

        text.Should().Contain("loop_queue_length{workspace=\"api\"} 0");
        text.Should().Contain("loop_storage_write_duration_seconds_count{workspace=\"web\"}");
        text.Split('\n')
            .Where(static line => line.StartsWith("loop_", StringComparison.Ordinal))
            .Should()
            .AllSatisfy(static line => line.Should().Contain("workspace=\""));
    }

    [Fact]
    public async Task Info_OfSeveral_SaysOfEachWhetherItWouldBeServed()
    {
        var (api, web) = (Folder("api"), Folder("web"));
        Write("web", "mcp_startup.json", "{");

        var info = await ServerProcess.RunAsync(Start("--info", "--port", "0", "--workspace", api, "--workspace", web));
        var one = await ServerProcess.RunAsync(Start("--info", "--port", "0", "--workspace", api));

        info.ExitCode.Should().Be(5, info.Error);
        JsonNode.Parse(info.Output)!["workspaces"]!
            .AsArray()
            .Select(static entry => $"{entry!["name"]} {entry["served"]} {((string?)entry["problem"])?.Split(':')[0]}")
            .Should()
            .Equal("api true ", "web false mcp_startup.json");
        JsonNode.Parse(one.Output)!.AsObject().ContainsKey("workspaces").Should().BeFalse();
    }

    [Theory]
    [InlineData("no workspace has a name yet", "--workspace", "nowhere", "--workspace", "/")]
    [InlineData("none has one yet", "--all-workspaces")]
    [InlineData("option --workspace: the value is empty", "--workspace", "", "--workspace", "b")]
    [InlineData("option --workspace: the value is empty", "--workspace", "a", "--workspace", " ")]
    [InlineData("option --workspace: the value is empty", "--workspace", "", "--all-workspaces")]
    [InlineData("name the configuration of one workspace", "--workspace", "a", "--workspace", "b", "--config", "c.json")]
    public async Task Start_ThatCanServeNothing_IsRefusedWithWhy(string expected, params string[] arguments)
    {
        var refused = await ServerProcess.RunAsync(Start(["--mode", "http", "--port", "0", .. arguments]));

        refused.ExitCode.Should().Be(1);
        refused.Error.Should().Contain(expected);
    }
}
