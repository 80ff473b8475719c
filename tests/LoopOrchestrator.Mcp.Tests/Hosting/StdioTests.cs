using System.Text;
using System.Text.Json.Nodes;
using LoopOrchestrator.Testing.Clients;
using LoopOrchestrator.Testing.Processes;
using LoopOrchestrator.Testing.Workspaces;

namespace LoopOrchestrator.Mcp.Tests.Hosting;

[Trait("kind", "smoke")]
public sealed class StdioTests : IDisposable
{
    private readonly TemporaryWorkspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData(ProtocolEra.Initialize)]
    [InlineData(ProtocolEra.Stateless)]
    public async Task Client_OfEitherEra_ListsAndCallsTools(string era)
    {
        await using var server = ServerProcess.StartStdio(_workspace.Root);
        await using var client = await server.ConnectStdioAsync(era, TestContext.Current.CancellationToken);

        client.NegotiatedProtocolVersion.Should().Be(era);
        client.ServerInfo!.Name.Should().Be("loop-orchestrator");
        client.ServerInstructions.Should().Contain("get_status");
        (await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken))
            .Should()
            .Contain(tool => tool.Name == "get_status");
        var status = await client.PingStatusAsync();
        status.StructuredContent!.Value.GetProperty("workspace").GetString().Should().Be(_workspace.Root);
        status.StructuredContent!.Value.GetProperty("mode").GetString().Should().Be("stdio");
        status.StructuredContent!.Value.GetProperty("trusted").GetBoolean().Should().BeFalse();
    }

    // The library costs 3.4 MB, in each of the servers that an editor starts for its windows.
    [Fact]
    public async Task ToolsList_WithoutTrust_LoadsNoLibraryForDigests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "what a process has loaded is read from /proc");
        await using var server = ServerProcess.StartStdio(_workspace.Root);
        await using var client = await server.ConnectStdioAsync(ProtocolEra.Initialize, TestContext.Current.CancellationToken);
        await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);

        File.ReadAllText($"/proc/{server.Id}/maps").Should().Contain("libc.so").And.NotContain("libcrypto");
    }

    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2099-01-01", "2025-11-25")]
    [InlineData("2025-03-26", Explicit = true, Traits = ["kind", "soak"])]
    [InlineData("2025-06-18", Explicit = true, Traits = ["kind", "soak"])]
    [InlineData("2025-11-25", Explicit = true, Traits = ["kind", "soak"])]
    public async Task Initialize_EachRevisionThatInfoNames_IsServed(string revision, string? offered = null)
    {
        await using var server = ServerProcess.StartStdio(_workspace.Root);
        using var wire = new WireClient(server);
        await wire.SendAsync(
            new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["id"] = 1,
                ["method"] = "initialize",
                ["params"] = new JsonObject
                {
                    ["protocolVersion"] = revision,
                    ["capabilities"] = new JsonObject(),
                    ["clientInfo"] = new JsonObject { ["name"] = "wire", ["version"] = "1" },
                },
            }
        );

        var answer = await wire.ReceiveAsync();

        ((string?)answer!["result"]!["protocolVersion"]).Should().Be(offered ?? revision);
        LoopOrchestrator.Mcp.Bootstrap.Product.ProtocolRevisions.Should().Contain(offered ?? revision);
    }

    [Fact]
    public async Task StandardOutput_WhateverIsAsked_CarriesProtocolOnly()
    {
        await using var server = ServerProcess.StartStdio(_workspace.Root);
        using var wire = new WireClient(server);
        await wire.SendAsync(WireClient.StatelessRequest(1, "tools/list"));
        await wire.SendAsync(
            WireClient.StatelessRequest(2, "tools/call", new JsonObject { ["name"] = "no_such_tool", ["arguments"] = new JsonObject() })
        );
        await wire.SendAsync(WireClient.StatelessRequest(3, "no/such/method"));
        await server.Input.WriteAsync("{broken\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await wire.SendAsync(WireClient.StatelessRequest(4, "tools/list", new JsonObject { ["cursor"] = "made-up" }));
        await wire.SendAsync(WireClient.StatelessRequest(5, "resources/list", new JsonObject { ["cursor"] = "" }));
        var answers = new List<JsonObject>();
        for (var received = 0; received < 6; received++)
        {
            answers.Add((await wire.ReceiveAsync())!);
        }

        Codes(answers).Should().Contain(["4 -32602", "5 -32602", " -32700"], "each fault has its error, and the session goes on");

        server.Input.Close();

        (await wire.ReceiveAsync()).Should().BeNull("nothing but answers may be written");
        (await server.WaitForExitAsync()).Should().Be(0);
    }

    [Fact]
    public async Task Parameters_OfAWrongShape_AreInvalidAndSayWhere()
    {
        (string Method, string Parameters, string Problem)[] requests =
        [
            ("tools/call", """{"name":5}""", "'name' is not"),
            ("tools/call", """[]""", "no object"),
            ("tools/call", """{"name":"list_runs","arguments":{"limit":5,"limit":7}}""", "twice"),
            ("tools/call", """{"name":"list_runs","name":"list_runs"}""", "twice"),
            ("tools/call", """{"name":"list_runs","_meta":5}""", "'_meta' is not"),
            ("resources/read", """{"uri":5}""", "'uri' is not"),
            ("resources/read", """{}""", "missing"),
            ("resources/read", """{"uri":null}""", "'uri' is null"),
            ("resources/read", """{"uri":"\ud800"}""", "half of a character"),
            ("resources/subscribe", """{"uri":null}""", "'uri' is null"),
            ("prompts/get", """{"name":null}""", "'name' is null"),
            ("tools/call", """{"name":null}""", "'name' is null"),
            ("completion/complete", """{"ref":{"type":"ref/prompt","name":"code"},"argument":null}""", "'argument' is null"),
        ];
        await using var server = ServerProcess.StartStdio(_workspace.Root);
        using var wire = new WireClient(server);
        var initialize = """{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"wire","version":"1"}}""";
        await WriteLineAsync(server, 0, "initialize", initialize);
        await wire.ReceiveAsync();

        foreach (var (method, parameters, problem) in requests)
        {
            await WriteLineAsync(server, 1, method, parameters);
            var error = (await wire.ReceiveAsync())!["error"];
            $"{error?["code"]} {error?["message"]}"
                .Should()
                .StartWith($"-32602 The parameters of {method} ")
                .And.Contain(problem, parameters);
        }

        await WriteLineAsync(server, 2, "tools/call", """{"name":"get_status"}""");
        ((await wire.ReceiveAsync())!["result"]).Should().NotBeNull("the session goes on");
        server.ErrorText.Should().NotContain("   at ", "a mistake of the caller's is no failure of the server's");
    }

    // As text: a library would not write two members of one name.
    private static async Task WriteLineAsync(ServerProcess server, int id, string method, string parameters) =>
        await server.Input.WriteAsync(
            Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""" + "\n"),
            TestContext.Current.CancellationToken
        );

    private static IEnumerable<string> Codes(IEnumerable<JsonObject> answers) =>
        answers.Select(static answer => $"{answer["id"]} {answer["error"]?["code"]}");

    [Fact]
    public async Task EndOfInput_WithACallInFlight_EndsTheProcessInOrder()
    {
        await using var server = ServerProcess.StartStdio(_workspace.Root);
        using var wire = new WireClient(server);
        await wire.SendAsync(WireClient.Listen(1));
        (await wire.ReceiveAsync()).Should().NotBeNull("the subscription is acknowledged and stays open");

        server.Input.Close();

        (await server.WaitForExitAsync()).Should().Be(0);
    }

    [Fact]
    public async Task Terminate_WithACallInFlight_EndsTheProcessInOrder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        await using var server = ServerProcess.StartStdio(_workspace.Root);
        using var wire = new WireClient(server);
        await wire.SendAsync(WireClient.Listen(1));
        (await wire.ReceiveAsync()).Should().NotBeNull();

        server.Terminate();

        (await server.WaitForExitAsync()).Should().Be(0);
    }

    [Fact]
    public async Task Start_InAFolderWithManyFolders_WritesNothingThereAndWatchesNone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Watches are counted in /proc.");
        for (var i = 0; i < 200; i++)
        {
            _workspace.Write($"node_modules/p{i}/index.js", string.Empty);
        }

        var before = _workspace.Snapshot();
        await using var server = ServerProcess.StartStdio(_workspace.Root);
        await using var client = await server.ConnectStdioAsync(ProtocolEra.Stateless, TestContext.Current.CancellationToken);
        await client.PingStatusAsync();

        InotifyWatches.Count(server.Id).Should().BeLessThan(20);
        _workspace.Snapshot().Should().Equal(before);
    }
}
