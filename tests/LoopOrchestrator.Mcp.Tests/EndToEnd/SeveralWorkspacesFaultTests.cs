using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Mcp.Tests.Telemetry;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Clients;
using LoopOrchestrator.Testing.Processes;
using Microsoft.Data.Sqlite;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>What is wrong with one workspace of a server of several, or could be taken for another one.</summary>
public sealed class SeveralWorkspacesFaultTests(CollectorHere collector) : SeveralWorkspacesBase, IClassFixture<CollectorHere>
{
    // Less than a lock of the storage is waited for, more than the server waits for one of its workspaces.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Looks_WhileOneWorkspaceIsHeldUp_ShowTheOthers()
    {
        Write("api", "mcp_startup.json", """{"telemetry":{"prometheus":true}}""");
        var (api, web) = (Folder("api"), Folder("web"));
        var paths = new WorkspacePaths(web);
        await RecordedState.EndAsync(paths, failures: 1, Token);
        using var held = new FileStream(
            Path.Combine(paths.Locks, "state.db.lock"),
            FileMode.OpenOrCreate,
            FileAccess.ReadWrite,
            FileShare.None
        );
        await using var server = await StartAsync("--workspace", api, "--workspace", web);
        using var http = new HttpClient { BaseAddress = server.Address, Timeout = Patience };

        var answers = await Task.WhenAll(
            ((string[])["/", "/health/ready", "/metrics"]).Select(path => http.GetAsync(new Uri(path, UriKind.Relative), Token))
        );
        var texts = await Task.WhenAll(answers.Select(static answer => answer.Content.ReadAsStringAsync(Token)));

        texts[0].Should().Contain("id=\"w-api\"").And.Contain("Nothing is due.").And.Contain("did not answer within 5 seconds");
        answers[1].StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        texts[1].Should().Contain("api: schedules").And.Contain("web: served").And.Contain("did not answer within 5 seconds");
        texts[2].Should().Contain("loop_queue_length{workspace=\"api\"} 0");
    }

    [Fact]
    public async Task Name_OfAWorkspaceThatIsNotServed_IsNeverTakenForOneThatIs()
    {
        var (api, web, other) = (Folder("api"), Folder("web"), Folder("other"));
        await RunAsync("workspace", "add", "web", other);
        await using var server = await StartAsync("--workspace", api, "--workspace", "./web");
        await using var client = await server.ConnectHttpAsync(ProtocolEra.Stateless, token: null, Token);

        var meant = await client.RefusalAsync("update_todo", ("action", "add"), ("text", "No"), ("workspace", "web"));
        await client.CallAsync("update_todo", ("action", "add"), ("text", "Yes"), ("workspace", "web-2"));

        meant.Should().Contain($"'web' is registered as {other}, which is no workspace of this server. It serves: api, web-2.");
        Read("web", "TODO.md").Should().Contain("Yes").And.NotContain("] No");

        // What a name means is the user's to say, also while a server runs that had it otherwise.
        await RunAsync("workspace", "add", "api", web);
        await client.CallAsync("update_todo", ("action", "add"), ("text", "By its new name"), ("workspace", "api"));
        Read("web", "TODO.md").Should().Contain("By its new name");
        Directory.Exists(Path.Combine(other, ".loop")).Should().BeFalse();
    }

    [Fact]
    public async Task Register_WithFoldersInOtherForms_ServesEachWorkspaceOnce()
    {
        var (api, web) = (Folder("api"), Folder("web"));
        var link = Path.Combine(Root, "link");
        Directory.CreateSymbolicLink(link, web);
        Directory.CreateDirectory(Path.GetDirectoryName(RegisterFile)!);
        await File.WriteAllTextAsync(
            RegisterFile,
            $$"""
            {"version":1,"workspaces":[
              {"name":"api","folder":"{{api}}/","added":"2026-01-01T00:00:00Z"},
              {"name":"linked","folder":"{{link}}","added":"2026-01-01T00:00:00Z"},
              {"name":"shop","folder":"{{web}}","added":"2026-01-01T00:00:00Z"}]}
            """,
            Token
        );
        await using var server = await StartAsync("--workspace", "api", "--all-workspaces");
        await using var client = await server.ConnectHttpAsync(ProtocolEra.Stateless, token: null, Token);

        (await client.ListToolsAsync(cancellationToken: Token))[0]
            .JsonSchema.ToString()
            .Should()
            .Contain("The workspace: api, linked, or its folder. Default: api.");
        foreach (var (name, folder) in new[] { ("api", api), ("linked", web), ("shop", web), (api + "/", api), (link, web) })
        {
            Text(await client.CallAsync("get_status", ("workspace", name)), "workspace").Should().Be(folder);
        }

        var one = await ServerProcess.RunAsync(Start("--info", "--port", "0", "--workspace", "api"));
        one.ExitCode.Should().NotBe(1, one.Error);
        one.Output.Should().NotContain(api + "/\"");
    }

    [Fact]
    public async Task Folder_WhoseLinksLeadInACircle_HidesNoOther()
    {
        var (api, circle) = (Folder("api"), Path.Combine(Root, "circle"));
        File.CreateSymbolicLink(circle, circle);
        await using var server = await StartAsync("--workspace", circle, "--workspace", api);
        await using var client = await server.ConnectHttpAsync(ProtocolEra.Stateless, token: null, Token);

        Text(await client.CallAsync("get_status", ("workspace", api)), "workspace").Should().Be(api);
        (await client.RefusalAsync("get_status", ("workspace", circle))).Should().Contain("is no workspace of this server");
    }

    [Fact]
    public async Task First_ThatWasMended_IsNotServedWithToolsThatItsOwnFileLeavesOut()
    {
        Write("broken", "mcp_startup.json", "{");
        Write("api", "mcp_startup.json", """{"toolsets":"default,maintenance"}""");
        await using var server = await StartAsync("--workspace", Folder("broken"), "--workspace", Folder("api"));
        await using var client = await server.ConnectHttpAsync(ProtocolEra.Stateless, token: null, Token);

        Write("broken", "mcp_startup.json", """{"toolsets":"planning"}""");
        await UntilAsync("it says why it is not served", async () =>
            (await client.RefusalAsync("update_todo", ("action", "add"), ("text", "No"))).Contains(
                "start the server anew",
                StringComparison.Ordinal
            )
        );
        File.Exists(Path.Combine(Root, "broken", "TODO.md")).Should().BeFalse();

        Write("broken", "mcp_startup.json", """{"toolsets":"maintenance, default"}""");
        await UntilAsync("it is served", async () => (await client.TryCallAsync("get_status", [])).IsError is not true);
    }

    [Fact]
    public async Task First_ThatIsBroken_HasNoResourcesPromptsAndChangesOfAnother()
    {
        Write("broken", "mcp_startup.json", "{");
        Write("api", "persistent-memory.md", "# Of another\n");
        await using var server = await StartAsync("--workspace", Folder("broken"), "--workspace", Folder("api"));
        await using var client = await server.ConnectHttpAsync("2025-06-18", token: null, Token);

        await RefusedAsync(() => client.ReadResourceAsync("loop://memory", cancellationToken: Token).AsTask(), "'broken'");
        await RefusedAsync(() => client.ListPromptsAsync(cancellationToken: Token).AsTask(), "'broken'");
        await RefusedAsync(() => client.GetPromptAsync("code", cancellationToken: Token).AsTask(), "'broken'");
        await RefusedAsync(() => client.SubscribeToResourceAsync(new Uri("loop://memory"), cancellationToken: Token), "are not told");

        // Its own changes are not watched, and those of the other one are none of its.
        Write("broken", "mcp_startup.json", "{}");
        await UntilAsync("it is served", async () => (await client.TryCallAsync("get_status", [])).IsError is not true);
        (await client.ReadResourceAsync("loop://memory", cancellationToken: Token))
            .Contents.OfType<TextResourceContents>()
            .Should()
            .AllSatisfy(static content => content.Text.Should().NotContain("Of another"));
        await RefusedAsync(() => client.SubscribeToResourceAsync(new Uri("loop://memory"), cancellationToken: Token), "Restart it.");
    }

    [Fact]
    public async Task Task_OfARunInAnotherWorkspace_IsAskedForAndRecordedThere()
    {
        var (api, web) = (Folder("api"), Folder("web"));
        await using var server = await StartAsync("--workspace", api, "--workspace", web);
        await using var client = await server.ConnectHttpAsync(ProtocolEra.Stateless, token: null, Token);
        var run = Text(await client.CallAsync("run_mode", ("mode", "code"), ("task", "x"), ("workspace", "web")), "run_id");

        ((string?)(await TaskAsync(server, "tasks/get", run))["result"]!["taskId"]).Should().Be(run);
        await TaskAsync(server, "tasks/cancel", run);

        Text(await client.CallAsync("get_run", ("run_id", run), ("workspace", "web")), "state").Should().Be("cancelled");
        await Eventually.TrueAsync("it is in the audit log of its workspace", () =>
            Audited("web").Any(static line => line.Contains("tasks/cancel", StringComparison.Ordinal))
        );
        Audited("api").Should().NotContain(static line => line.Contains("tasks/cancel", StringComparison.Ordinal));
        ((string?)(await TaskAsync(server, "tasks/get", "run-none"))["error"]!["message"]).Should().Contain("run-none");
    }

    [Fact]
    public async Task Session_ThatEnds_IsNotedAsGoneInEachWorkspaceThatItHoldsARunOf()
    {
        var (api, web) = (Folder("api"), Folder("web"));
        await using var server = await StartAsync("--workspace", api, "--workspace", web);
        await using (var client = await server.ConnectHttpAsync("2025-06-18", token: null, Token))
        {
            foreach (var name in (string[])["api", "web"])
            {
                await client.CallAsync("run_mode", ("mode", "code"), ("task", "x"), ("workspace", name));
                Gone(Path.Combine(Root, name)).Should().Be(0);
            }
        }

        foreach (var folder in new[] { api, web })
        {
            await Eventually.TrueAsync($"{folder} knows that the holder is gone", () => Gone(folder) == 1);
        }

        static long Gone(string folder)
        {
            using var connection = new SqliteConnection($"Data Source={new WorkspacePaths(folder).Database};Pooling=False;Mode=ReadOnly");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT COUNT(*) FROM runs WHERE lease_gone_at IS NOT NULL";
            return (long)command.ExecuteScalar()!;
        }
    }

    [Fact]
    public async Task Refusal_OfAPageOfAWorkspace_IsRecordedWithItsWholeAddress()
    {
        await RunAsync("token", "create", "desk", "--scope", "read");
        await using var server = await StartAsync("--workspace", Folder("api"), "--workspace", Folder("web"));
        using var http = new HttpClient { BaseAddress = server.Address };

        using var refused = await http.PostAsync(new Uri("/w/web/todo/add", UriKind.Relative), content: null, Token);

        ((int)refused.StatusCode).Should().BeOneOf(401, 403);
        await Eventually.TrueAsync("it is recorded", () =>
            Audited("api").Any(static line => line.Contains("POST /w/web/todo/add", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task Telemetry_OfSeveral_IsSentToNobody()
    {
        Write("api", "mcp_startup.json", $$$"""{"telemetry":{"otlpEndpoint":"{{{collector.Address}}}"}}""");
        var quick = new Dictionary<string, string>(StringComparer.Ordinal) { ["OTEL_METRIC_EXPORT_INTERVAL"] = "50" };

        string[] several = ["--trust-workspace", "--workspace", Folder("api"), "--workspace", Folder("web")];
        await using (var both = await StartWithAsync(quick, several))
        {
            both.ErrorText.Should().NotContain("Traces and metrics are sent");
            both.Terminate();
            (await both.WaitForExitAsync()).Should().Be(0);
        }

        collector.Count("/v1/metrics").Should().Be(0, "a server sends what it has at its end at the latest");
        await using var one = await StartWithAsync(quick, "--trust-workspace", "--workspace", Folder("api"));
        await Eventually.TrueAsync("a server of one sends", () => collector.Count("/v1/metrics") > 0);
    }

    private Task<ServerProcess> StartWithAsync(Dictionary<string, string> variables, params string[] arguments)
    {
        var start = Start(["--mode", "http", "--port", "0", .. arguments]);
        foreach (var (name, value) in start.Environment!)
        {
            variables[name] = value;
        }

        return ServerProcess.StartHttpAsync(start with { Environment = variables });
    }

    private static async Task<JsonNode> TaskAsync(ServerProcess server, string method, string run)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp")
        {
            Content = new StringContent(
                $$$"""
                {"jsonrpc":"2.0","id":1,"method":"{{{method}}}","params":{"taskId":"{{{run}}}","_meta":{
                 "io.modelcontextprotocol/protocolVersion":"{{{ProtocolEra.Stateless}}}",
                 "io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},
                 "io.modelcontextprotocol/clientCapabilities":{"extensions":{"io.modelcontextprotocol/tasks":{} } } } } }
                """,
                Encoding.UTF8,
                "application/json"
            ),
        };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Headers.Add("Mcp-Method", method);
        request.Headers.Add("Mcp-Name", run);
        request.Headers.Add("MCP-Protocol-Version", ProtocolEra.Stateless);
        using var answer = await http.SendAsync(request, Token);
        var text = await answer.Content.ReadAsStringAsync(Token);
        return JsonNode.Parse(text[text.IndexOf('{', StringComparison.Ordinal)..])!;
    }

    private static async Task RefusedAsync(Func<Task> ask, string expected) =>
        (await ask.Should().ThrowAsync<McpException>()).Which.Message.Should().Contain(expected);
}
