using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Tests.Cli;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Clients;
using LoopOrchestrator.Testing.Processes;
using LoopOrchestrator.Testing.Workspaces;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tests.Hosting;

public sealed class HttpTests(HttpServer shared) : IClassFixture<HttpServer>, IDisposable
{
    private const string Token = "correct-horse-battery";
    private readonly TemporaryWorkspace _workspace = new();
    private readonly TemporaryWorkspace _outside = new();
    private readonly HttpClient _http = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        _workspace.Dispose();
        _outside.Dispose();
    }

    [Theory]
    [InlineData(ProtocolEra.Initialize)]
    [InlineData(ProtocolEra.Stateless)]
    public async Task Client_OfEitherEra_ListsAndCallsTools(string era)
    {
        var server = shared.Process;
        await using var client = await server.ConnectHttpAsync(era, token: null, Cancellation);

        client.NegotiatedProtocolVersion.Should().Be(era);
        (await client.ListToolsAsync(cancellationToken: Cancellation)).Should().Contain(tool => tool.Name == "get_status");
        (await client.PingStatusAsync()).StructuredContent!.Value.GetProperty("mode").GetString().Should().Be("http");
    }

    [Theory]
    [InlineData(ProtocolEra.Initialize)]
    [InlineData(ProtocolEra.Stateless)]
    public async Task Lists_WithACursorThatWasNeverGiven_AreRefused(string era)
    {
        await using var client = await shared.Process.ConnectHttpAsync(era, token: null, Cancellation);
        foreach (var list in new[] { "tools/list", "resources/list", "resources/templates/list" })
        {
            var request = new JsonRpcRequest
            {
                Method = list,
                Params = new JsonObject { ["cursor"] = "made-up" },
            };
            var refused = await Assert.ThrowsAsync<McpProtocolException>(() => client.SendRequestAsync(request, Cancellation));
            refused.ErrorCode.Should().Be(McpErrorCode.InvalidParams, list);
        }
    }

    [Theory]
    [InlineData(ProtocolEra.Initialize, McpErrorCode.ResourceNotFound)]
    [InlineData(ProtocolEra.Stateless, McpErrorCode.InvalidParams)]
    public async Task ResourcesAndPrompts_OfEitherEra_AreListedAndMissedAsTheEraHasIt(string era, McpErrorCode missing)
    {
        await using var client = await shared.Process.ConnectHttpAsync(era, token: null, Cancellation);

        var resources = await client.ListResourcesAsync(cancellationToken: Cancellation);
        resources
            .Select(static resource => resource.Uri)
            .Should()
            .BeEquivalentTo("loop://status", "loop://schedules", "loop://timing", "loop://memory", "loop://todo");
        var templates = await client.ListResourceTemplatesAsync(cancellationToken: Cancellation);
        templates
            .Select(static template => template.UriTemplate)
            .Should()
            .Contain(["loop://runs/{id}", "loop://runs/{id}/log", "loop://modes/{slug}", "loop://cycles/{id}"]);
        foreach (
            var one in resources
                .Select(static resource => resource.ProtocolResource)
                .Select(static one => (one.Name, one.Title, one.Description, one.MimeType, one.Icons))
                .Concat(
                    templates
                        .Select(static template => template.ProtocolResourceTemplate)
                        .Select(static one => (one.Name, one.Title, one.Description, one.MimeType, one.Icons))
                )
        )
        {
            new[] { one.Title, one.Description, one.MimeType }.Should().NotContainNulls(one.Name);
            one.Icons.Should().ContainSingle(one.Name);
        }

        (await client.ListPromptsAsync(cancellationToken: Cancellation)).Should().Contain(static prompt => prompt.Name == "work_the_loop");
        var read = async () => await client.ReadResourceAsync("loop://runs/run-none", cancellationToken: Cancellation);
        (await read.Should().ThrowAsync<McpProtocolException>()).Which.ErrorCode.Should().Be(missing);
        client.ServerCapabilities.Tools!.ListChanged.Should().BeNull("the list of tools never changes");
        client.ServerCapabilities.Resources!.ListChanged.Should().BeNull();
        foreach (var list in new[] { "tools/list", "resources/list", "resources/templates/list", "server/discover" })
        {
            if (list != "server/discover" || era == ProtocolEra.Stateless)
            {
                var told = (
                    await client.SendRequestAsync(new JsonRpcRequest { Method = list, Params = new JsonObject() }, Cancellation)
                ).Result!;
                ((long?)told["ttlMs"]).Should().Be(era == ProtocolEra.Stateless ? 300_000 : null, list);
                ((string?)told["cacheScope"]).Should().Be(era == ProtocolEra.Stateless ? "private" : null, list);
            }
        }

        if (era == ProtocolEra.Stateless)
        {
            (await client.ReadResourceAsync("loop://modes/code", cancellationToken: Cancellation)).TimeToLive.Should().BePositive();
            (await client.ReadResourceAsync("loop://status", cancellationToken: Cancellation)).TimeToLive.Should().Be(TimeSpan.Zero);
        }
    }

    [Fact]
    public async Task Initialize_EachRevisionThatInfoNames_IsServed()
    {
        foreach (
            var revision in LoopOrchestrator.Mcp.Bootstrap.Product.ProtocolRevisions.Where(static revision =>
                revision != ProtocolEra.Stateless
            )
        )
        {
            await using var client = await shared.Process.ConnectHttpAsync(revision, token: null, Cancellation);

            client.NegotiatedProtocolVersion.Should().Be(revision);
            (await client.PingStatusAsync()).IsError.Should().NotBeTrue(revision);
        }
    }

    [Fact]
    public async Task Pages_ForPeopleAndMonitors_Answer()
    {
        var server = shared.Process;

        (await _http.GetStringAsync(server.Address, Cancellation)).Should().Contain("Loop Orchestrator").And.Contain("Proof of life");
        (await _http.GetStringAsync(new Uri(server.Address!, "/health/live"), Cancellation))
            .Should()
            .Be("""{"status":"live","checks":[]}""");
        using var ready = JsonDocument.Parse(await _http.GetStringAsync(new Uri(server.Address!, "/health/ready"), Cancellation));
        ready.RootElement.GetProperty("status").GetString().Should().Be("ready");
    }

    [Fact]
    public async Task Ready_WithTheWorkspaceGone_SaysWhatIsWrong()
    {
        // Moved rather than deleted, because the server may be writing its log there at this moment.
        var gone = _workspace.Root + ".gone";
        await using (var server = await ServerProcess.StartHttpAsync(_workspace.Root))
        {
            Directory.Move(_workspace.Root, gone);

            using var answer = await _http.GetAsync(new Uri(server.Address!, "/health/ready"), Cancellation);

            answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            (await answer.Content.ReadAsStringAsync(Cancellation)).Should().Contain("not_ready").And.Contain(_workspace.Root);
        }

        Directory.Delete(gone, recursive: true);
    }

    [Fact]
    public async Task Start_KeepsItsLogInTheStateFolder_WhichGitDoesNotSee()
    {
        await using var server = await ServerProcess.StartHttpAsync(_workspace.Root);

        _workspace.Read(".loop/.gitignore").Should().Be("*\n");
        var log = Directory.EnumerateFiles(Path.Combine(_workspace.Root, ".loop", "logs")).Should().ContainSingle().Subject;
        _workspace.Read(log).Should().Contain($"Serving MCP at {server.Address!.GetLeftPart(UriPartial.Authority)}/mcp");
        Directory.EnumerateFileSystemEntries(_workspace.Root).Should().ContainSingle("nothing else is written");
    }

    [Fact]
    public async Task Start_InAFolderWithManyFolders_WatchesNone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Watches are counted in /proc.");
        for (var i = 0; i < 200; i++)
        {
            _workspace.Write($"node_modules/p{i}/index.js", string.Empty);
        }

        await using var server = await ServerProcess.StartHttpAsync(_workspace.Root);
        await _http.GetStringAsync(server.Address, Cancellation);

        InotifyWatches.Count(server.Id).Should().BeLessThan(20);
    }

    [Fact]
    public async Task Start_OnAPortInUse_SaysWhichAndWhatToDoAndWritesNothing()
    {
        var port = shared.Process.Address!.Port;

        var second = await ServerProcess.RunAsync(new ServerStart(_workspace.Root, "--mode", "http", "--port", $"{port}"));

        second.ExitCode.Should().Be(4);
        second.Output.Should().BeEmpty();
        second.Error.Should().Contain($"port {port} on 127.0.0.1 is in use").And.Contain("--port 0").And.NotContain("   at ");
        Directory.EnumerateFileSystemEntries(_workspace.Root).Should().BeEmpty();
    }

    [Fact]
    public async Task Terminate_WithAnOpenRequest_EndsTheProcessInOrder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        await using var server = await ServerProcess.StartHttpAsync(_workspace.Root);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address!, "/mcp"))
        {
            Content = new StringContent(WireClient.Listen(1).ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", ProtocolEra.Stateless);
        request.Headers.Add("Mcp-Method", "subscriptions/listen");
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        answer.StatusCode.Should().Be(HttpStatusCode.OK);

        server.Terminate();

        (await server.WaitForExitAsync()).Should().Be(0);
    }

    [Fact]
    public async Task Token_OnEachPath_IsAskedForEverywhereButLiveness()
    {
        await using var server = await ServerProcess.StartHttpAsync(_workspace.Root, "--token-file", TokenFile());

        (await StatusOfAsync(server, "/health/live", authorization: null)).Should().Be(HttpStatusCode.OK);
        foreach (var path in (string[])["/", "/mcp", "/health/ready", "/health/live/", "/nothing"])
        {
            (await StatusOfAsync(server, path, authorization: null)).Should().Be(HttpStatusCode.Unauthorized, path);
            (await StatusOfAsync(server, path, new("Bearer", Token + "x"))).Should().Be(HttpStatusCode.Unauthorized, path);
            (await StatusOfAsync(server, path, new("Basic", Token))).Should().Be(HttpStatusCode.Unauthorized, path);
        }

        foreach (var type in (string[])["application/json", "text/plain"])
        {
            using var garbage = Garbage(server, type);
            using var refused = await _http.SendAsync(garbage, Cancellation);
            refused.StatusCode.Should().Be(HttpStatusCode.Unauthorized, "a body of {0} is not looked at before", type);
        }

        (await StatusOfAsync(server, "/", new("Bearer", Token))).Should().Be(HttpStatusCode.OK);
        await using var client = await server.ConnectHttpAsync(ProtocolEra.Stateless, Token, Cancellation);
        (await client.PingStatusAsync()).IsError.Should().NotBeTrue();
        server.ErrorText.Should().NotContain(Token);
    }

    [Fact]
    public async Task Scope_OfATokenOfTheList_DecidesWhatItsHolderSeesAndCalls()
    {
        const string Secret = "what nobody but the time log is to know";
        const string AuditFile = ".loop/logs/audit.jsonl";
        var list = new UserTokens(Path.Combine(_outside.Root, "tokens.json"), TimeProvider.System);
        var (reader, _, _) = await list.CreateAsync("reader", AccessScope.Read, expires: null, Cancellation);
        var (worker, _, _) = await list.CreateAsync("worker", AccessScope.Run, expires: null, Cancellation);
        await using var server = await ServerProcess.StartHttpAsync(_workspace.Root, "--token-file", list.File);
        foreach (var era in (string[])[ProtocolEra.Initialize, ProtocolEra.Stateless])
        {
            await using var reading = await server.ConnectHttpAsync(era, reader, Cancellation);
            await using var working = await server.ConnectHttpAsync(era, worker, Cancellation);

            (await NamesAsync(reading)).Should().Contain("get_status").And.NotContain("log_timing").And.NotContain("save_schedule");
            (await NamesAsync(working)).Should().Contain("get_status").And.Contain("log_timing").And.NotContain("save_schedule");
            (await reading.PingStatusAsync()).IsError.Should().NotBeTrue();
            var refused = await StartTimingAsync(reading);
            refused.IsError.Should().BeTrue();
            refused
                .Content.OfType<TextContentBlock>()
                .Single()
                .Text.Should()
                .Contain("log_timing was not called. It needs a token with the scope run, and the token 'reader' has read.")
                .And.Contain("token create NAME --scope run");
            (await StartTimingAsync(working)).IsError.Should().NotBeTrue();
        }

        await list.RevokeAsync("reader", Cancellation);
        await AuditHasAsync("reader get_status ok", "reader log_timing refused", "worker log_timing ok");
        _workspace.Read(AuditFile).Should().Contain("\"action\":\"start\"").And.NotContain(Secret).And.NotContain(reader);
        (await StatusOfAsync(server, "/", new("Bearer", reader))).Should().Be(HttpStatusCode.Unauthorized);
        (await StatusOfAsync(server, "/", new("Bearer", worker))).Should().Be(HttpStatusCode.OK);

        await AuditHasAsync("unknown GET / refused");

        Task AuditHasAsync(params string[] lines) =>
            Eventually.TrueAsync("the audit log has what was done", () =>
                File.Exists(Path.Combine(_workspace.Root, AuditFile))
                && !lines
                    .Except(
                        _workspace
                            .Read(AuditFile)
                            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                            .Select(static line => JsonNode.Parse(line)!)
                            .Select(static line => $"{line["who"]} {line["what"]} {line["outcome"]}"),
                        StringComparer.Ordinal
                    )
                    .Any()
            );

        static async Task<IEnumerable<string>> NamesAsync(McpClient client) =>
            (await client.ListToolsAsync(cancellationToken: Cancellation)).Select(static tool => tool.Name);

        static async Task<CallToolResult> StartTimingAsync(McpClient client) =>
            await client.CallToolAsync(
                "log_timing",
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["action"] = "start",
                    ["task"] = Secret,
                    ["mode"] = "code",
                },
                cancellationToken: Cancellation
            );
    }

    [Fact]
    public async Task Host_ThatOthersReach_NeedsAToken()
    {
        var refused = await ServerProcess.RunAsync(new ServerStart(_workspace.Root, "--mode", "http", "--host", "0.0.0.0", "--port", "0"));

        refused.ExitCode.Should().Be(3);
        refused.Error.Should().Contain("option --host").And.Contain("--token-file");

        await using var server = await ServerProcess.StartHttpAsync(_workspace.Root, "--host", "0.0.0.0", "--token-file", TokenFile());
        (await StatusOfAsync(server, "/", new("Bearer", Token))).Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Host_ThatTheUserAdded_IsAnsweredAndEveryOtherOneIsToldOfAllowedHosts()
    {
        await using var server = await ServerProcess.StartHttpAsync(
            _workspace.Root,
            "--token-file",
            TokenFile(),
            "--allowed-hosts",
            "loop.example.org"
        );

        (await AskAsync("loop.example.org")).Status.Should().Be(HttpStatusCode.OK);
        var (status, text) = await AskAsync("evil.example");
        status.Should().Be(HttpStatusCode.BadRequest);
        text.Should().Contain("add it to allowedHosts (--allowed-hosts evil.example");

        async Task<(HttpStatusCode Status, string Text)> AskAsync(string host)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, server.Address);
            request.Headers.Host = host;
            request.Headers.Authorization = new("Bearer", Token);
            using var answer = await _http.SendAsync(request, Cancellation);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        }
    }

    [Fact]
    public async Task HostAndToken_OfAFileThatCameWithTheRepository_DoNotCountAndAreTold()
    {
        _workspace.Write("token", Token);
        _workspace.Write("mcp_startup.json", """{ "host": "0.0.0.0", "tokenFile": "token", "agents\u001b]0;title\u0007\u001b[31m": 1 }""");

        await using var server = await ServerProcess.StartHttpAsync(_workspace.Root);

        server.Address!.Host.Should().Be("127.0.0.1");
        (await StatusOfAsync(server, "/", authorization: null)).Should().Be(HttpStatusCode.OK);
        server
            .ErrorText.Should()
            .Contain("host: warning: '0.0.0.0'")
            .And.Contain("tokenFile: warning:")
            .And.NotContain("\u001b", "a terminal would obey it");
        await using var client = await server.ConnectHttpAsync(ProtocolEra.Stateless, token: null, Cancellation);
        var findings = (await client.PingStatusAsync())
            .StructuredContent!.Value.GetProperty("findings")
            .EnumerateArray()
            .Select(static one => one.GetString());
        findings.Should().Contain(one => one!.Contains("host: warning")).And.Contain(one => one!.Contains("tokenFile: warning"));

        var info = await CommandLineHere.RunAsync("--workspace", _workspace.Root, "--info");
        info.Output.Should().Contain("'0.0.0.0' can be reached by other machines").And.Contain("which token lets clients in");
        var status = await CommandLineHere.RunAsync("--workspace", _workspace.Root, "status");
        status.Error.Should().Contain("host: warning").And.Contain("tokenFile: warning");
    }

    [Theory]
    [InlineData("127.0.0.1", null, HttpStatusCode.OK)]
    [InlineData("localhost", null, HttpStatusCode.OK)]
    [InlineData("localhost", "http://localhost:5173", HttpStatusCode.OK)]
    [InlineData("evil.example", null, HttpStatusCode.BadRequest)]
    [InlineData("localhost", "http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("localhost", "null", HttpStatusCode.Forbidden)]
    public async Task HostAndOrigin_OfOthers_AreRefused(string host, string? origin, HttpStatusCode expected)
    {
        var server = shared.Process;
        using var page = new HttpRequestMessage(HttpMethod.Get, server.Address);
        using var garbage = Garbage(server, "application/json");
        foreach (var request in (HttpRequestMessage[])[page, garbage])
        {
            request.Headers.Host = $"{host}:{server.Address!.Port}";
            if (origin is not null)
            {
                request.Headers.Add("Origin", origin);
            }
        }

        using var answer = await _http.SendAsync(page, Cancellation);
        using var ofGarbage = await _http.SendAsync(garbage, Cancellation);

        answer.StatusCode.Should().Be(expected);
        (await ofGarbage.Content.ReadAsStringAsync(Cancellation))
            .Contains("-32700", StringComparison.Ordinal)
            .Should()
            .Be(expected == HttpStatusCode.OK, "nobody else's body is looked at");
        ofGarbage.StatusCode.Should().Be(expected == HttpStatusCode.OK ? HttpStatusCode.BadRequest : expected);
    }

    [Theory]
    [InlineData("POST /mcp HTTP/1.1\r\n")]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{")]
    public async Task Client_BesideAThousandSlowConnections_IsServed(string sent)
    {
        var server = shared.Process;
        var silent = new List<Socket>();
        try
        {
            for (var i = 0; i < 1000; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                silent.Add(socket);
                try
                {
                    await socket.ConnectAsync(server.Address!.Host, server.Address.Port, Cancellation);
                    await socket.SendAsync(Encoding.ASCII.GetBytes(sent), Cancellation);
                }
                catch (SocketException)
                {
                    // It was not let in, or had to give way: the others hold what there is.
                }
            }

            await using var client = await server.ConnectHttpAsync(ProtocolEra.Initialize, token: null, Cancellation);
            (await client.PingStatusAsync()).IsError.Should().NotBeTrue();
        }
        finally
        {
            silent.ForEach(static socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task Limits_OfBodiesAndRequests_AreToldInTheWayOfTheRequest()
    {
        await using var server = await ServerProcess.StartHttpAsync(
            new ServerStart(_workspace.Root, "--mode", "http", "--port", "0")
            {
                Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["LOOP_REQUESTS_PER_MINUTE"] = "12",
                    ["LOOP_MAX_REQUEST_BYTES"] = "65536",

                    // What opens other programs of this framework to the network.
                    ["ASPNETCORE_URLS"] = "http://0.0.0.0:0",
                    ["URLS"] = "http://0.0.0.0:0",
                    ["Kestrel__Endpoints__Http__Url"] = "http://0.0.0.0:0",
                },
            }
        );
        using var body = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address!, "/mcp"))
        {
            Content = new StringContent(new string(' ', 65537), Encoding.UTF8, "application/json"),
        };
        body.Headers.Accept.ParseAdd("application/json, text/event-stream");
        using var large = await _http.SendAsync(body, Cancellation);
        server.Address!.Host.Should().Be("127.0.0.1");
        (await StatusOfAsync(server, "/", authorization: null)).Should().Be(HttpStatusCode.OK);

        using var page = await _http.GetAsync(server.Address, Cancellation);
        using var garbage = Garbage(server, "application/json");
        using var message = await _http.SendAsync(garbage, Cancellation);

        large.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        page.StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        page.Headers.RetryAfter!.Delta.Should().BeGreaterThan(TimeSpan.Zero).And.BeLessThanOrEqualTo(TimeSpan.FromSeconds(5));
        (await page.Content.ReadAsStringAsync(Cancellation)).Should().StartWith("Too many requests from this address. Try again in ");
        message.StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        var error = JsonNode.Parse(await message.Content.ReadAsStringAsync(Cancellation))!["error"]!;
        ((int)error["code"]!, (int)error["data"]!["retry_after_seconds"]! > 0).Should().Be((-32000, true));
        (await StatusOfAsync(server, "/health/live", authorization: null)).Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Certificate_OfFiles_IsServedAndReplacedWithoutARestart()
    {
        var first = WriteCertificate();
        await using var server = await ServerProcess.StartHttpAsync(
            _workspace.Root,
            "--certificate",
            Path.Combine(_outside.Root, "cert.pem"),
            "--certificate-key",
            Path.Combine(_outside.Root, "key.pem")
        );

        server.Address!.Scheme.Should().Be("https");
        (await SeenAsync()).Should().Be(first);
        var second = WriteCertificate();
        (await SeenAsync()).Should().Be(second).And.NotBe(first);
        _outside.Write("key.pem", "broken");
        (await SeenAsync()).Should().Be(second, "a server goes on with what it has");
        await Eventually.TrueAsync("it is told", () =>
            server.ErrorText.Contains("The certificate has changed, the one before goes on: ", StringComparison.Ordinal)
        );

        async Task<string> SeenAsync()
        {
            var seen = "";
#pragma warning disable MA0039 // Which certificate is shown is what is looked at.
            using var handler = new HttpClientHandler
            {
                ServerCertificateCustomValidationCallback = (_, certificate, _, _) =>
                {
                    seen = certificate!.Thumbprint;
                    return true;
                },
            };
#pragma warning restore MA0039
            using var http = new HttpClient(handler);
            (await http.GetStringAsync(server.Address, Cancellation)).Should().Contain("Proof of life");
            return seen;
        }
    }

    [Theory]
    [InlineData("GET", "/health/live", 200)]
    [InlineData("GET", "/health/ready", 200)]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("GET", "/mcp", 406)]
    [InlineData("POST", "/mcp", 400)]
    [InlineData("GET", "/evil", 400)]
    public async Task Answer_OfEveryKind_TellsBrowsersToLeaveItAlone(string method, string path, int expected)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(shared.Process.Address!, path));
        request.Headers.Host = path == "/evil" ? "evil.example" : null;
        request.Content = method == "POST" ? new StringContent("garbage", Encoding.UTF8, "application/json") : null;

        using var answer = await _http.SendAsync(request, Cancellation);

        ((int)answer.StatusCode).Should().Be(expected);
        answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
        answer.Headers.GetValues("Referrer-Policy").Should().Equal("no-referrer");
        answer.Headers.GetValues("Content-Security-Policy").Single().Should().Be("default-src 'none'; frame-ancestors 'none'");
        answer.Headers.CacheControl!.NoStore.Should().BeTrue();
        (await answer.Content.ReadAsStringAsync(Cancellation)).Should().NotContain("   at ");
    }

    [Fact]
    public async Task Request_WithHeadersBeyondTheLimit_IsRefusedAndTheNextOneIsServed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, shared.Process.Address);
        request.Headers.Add("X-Long", new string('x', 33_000));

        using var refused = await _http.SendAsync(request, Cancellation);

        refused.StatusCode.Should().Be(HttpStatusCode.RequestHeaderFieldsTooLarge);
        (await StatusOfAsync(shared.Process, "/", authorization: null)).Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":[1]}", null, HttpStatusCode.BadRequest, "-32602")]
    [InlineData(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":5}}",
        null,
        HttpStatusCode.BadRequest,
        "-32602"
    )]
    [InlineData(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"\\ud800\",\"version\":\"1\"}}}",
        null,
        HttpStatusCode.BadRequest,
        "-32602"
    )]
    [InlineData(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"protocolVersion\":\"x\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}",
        null,
        HttpStatusCode.BadRequest,
        "-32602"
    )]
    [InlineData("{broken", null, HttpStatusCode.BadRequest, "-32700")]
    [InlineData("{\"jsonrpc\":\"2.0\"", null, HttpStatusCode.BadRequest, "-32700")]
    [InlineData("", null, HttpStatusCode.BadRequest, "-32700")]
    [InlineData("[]", null, HttpStatusCode.BadRequest, "-32600")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}", null, HttpStatusCode.BadRequest, "-32600")]
    [InlineData(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2099-01-01\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}",
        null,
        HttpStatusCode.OK,
        "\"protocolVersion\":\"2025-11-25\""
    )]
    [InlineData(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2026-07-28\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}",
        null,
        HttpStatusCode.OK,
        "\"protocolVersion\":\"2025-11-25\""
    )]
    [InlineData("{}", "utf-7", HttpStatusCode.UnsupportedMediaType, "application/json")]
    public async Task Message_ThatCannotBeRead_IsAnsweredWithoutATrace(
        string message,
        string? charset,
        HttpStatusCode expected,
        string text
    )
    {
        var server = shared.Process;
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address!, "/mcp"))
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(message)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = charset };
        request.Headers.Add("Accept", "application/json, text/event-stream");

        using var answer = await _http.SendAsync(request, Cancellation);

        answer.StatusCode.Should().Be(expected);
        (await answer.Content.ReadAsStringAsync(Cancellation)).Should().Contain(text).And.NotContain("   at ");
        server.ErrorText.Should().NotContain("   at ");
    }

    [Theory]
    [InlineData("x", 70_000, false)]
    [InlineData("x", 70_000, true)]
    [InlineData(" ", 70_000, false)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"a\":\"", 200_000, false)]
    public async Task Body_LargeAndNoJson_IsToldAsASmallOneIs(string beginning, int length, bool isChunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(shared.Process.Address!, "/mcp"))
        {
            Content = new StringContent(
                beginning.PadRight(length, beginning[^1] == '"' ? 'y' : beginning[0]),
                Encoding.UTF8,
                "application/json"
            ),
        };
        request.Headers.TransferEncodingChunked = isChunked;
        request.Headers.Add("Accept", "application/json, text/event-stream");

        using var answer = await _http.SendAsync(request, Cancellation);

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(Cancellation)).Should().Contain("-32700").And.Contain("The body is ");
    }

    [Fact]
    public async Task Stream_OpenWhenItsTokenIsRevoked_Ends()
    {
        var list = new UserTokens(Path.Combine(_outside.Root, "tokens.json"), TimeProvider.System);
        var (token, _, _) = await list.CreateAsync("listener", AccessScope.Read, expires: null, Cancellation);
        await using var server = await ServerProcess.StartHttpAsync(_workspace.Root, "--token-file", list.File);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address!, "/mcp"))
        {
            Content = new StringContent(WireClient.Listen(1).ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", token);
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", ProtocolEra.Stateless);
        request.Headers.Add("Mcp-Method", "subscriptions/listen");
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        answer.StatusCode.Should().Be(HttpStatusCode.OK);

        await list.RevokeAsync("listener", Cancellation);

        var end = async () => await answer.Content.ReadAsStringAsync(Cancellation).WaitAsync(ServerProcess.ExitGuard, Cancellation);
        await end.Should().ThrowAsync<HttpRequestException>("the connection is closed");
    }

    [Theory]
    [InlineData("</dev/null")]
    [InlineData("<&-")]
    public async Task Auto_WithNobodyAtTheInput_ServesHttp(string input)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Input is told apart in /proc.");
        await using var server = await ServerProcess.StartHttpAsync(
            new ServerStart(_workspace.Root, "--port", "0") { InputRedirection = input }
        );

        (await StatusOfAsync(server, "/", authorization: null)).Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Auto_WithAClientAtTheInput_ServesStdio()
    {
        await using var server = ServerProcess.Start(new ServerStart(_workspace.Root));
        await using var client = await server.ConnectStdioAsync(ProtocolEra.Stateless, Cancellation);

        (await client.PingStatusAsync()).StructuredContent!.Value.GetProperty("mode").GetString().Should().Be("stdio");
    }

    private static HttpRequestMessage Garbage(ServerProcess server, string type) =>
        new(HttpMethod.Post, new Uri(server.Address!, "/mcp")) { Content = new StringContent("garbage", Encoding.UTF8, type) };

    private string WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            now.AddDays(-1),
            now.AddDays(1)
        );
        _outside.Write("cert.pem", certificate.ExportCertificatePem());
        _outside.Write("key.pem", key.ExportPkcs8PrivateKeyPem());
        _outside.Permit("key.pem", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return certificate.Thumbprint;
    }

    private string TokenFile()
    {
        var file = _outside.Write("token", Token + "\n");
        _outside.Permit("token", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }

    private async Task<HttpStatusCode> StatusOfAsync(ServerProcess server, string path, AuthenticationHeaderValue? authorization)
    {
        var builder = new UriBuilder(server.Address!) { Host = "127.0.0.1", Path = path };
        using var request = new HttpRequestMessage(HttpMethod.Get, builder.Uri);
        request.Headers.Authorization = authorization;
        using var answer = await _http.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }
}
